#pragma once

#include "time/instant.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sched::render {

/// Elapsed time in at most two units: "40ms", "1.4s", "12s", "1m 20s", "3h 5m", "2d 4h".
std::string span(time::Duration duration);

/// Where a moment stands, seen from now: "in 5 min", "3 min ago", "now" (within a second).
std::string relative(time::Instant moment, time::Instant now);

/// "2026-03-01 09:00:00 (3 min ago)", in the system's zone.
std::string moment(time::Instant moment, time::Instant now);

/// "9,950".
std::string grouped(std::int64_t number);

/// "1 run", "9,950 runs"; the plural is that with an s.
std::string count(std::int64_t number, std::string_view noun);

/// "900 B", "1.5 MiB".
std::string size(std::uint64_t bytes);

}  // namespace sched::render
