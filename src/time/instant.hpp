#pragma once

#include <chrono>
#include <cstdint>

namespace sched::time {

/// Elapsed time, in milliseconds.
using Duration = std::chrono::milliseconds;

/// A moment in UTC, in milliseconds since 1970. Years 1970 to 2199 are what sched works with.
using Instant = std::chrono::sys_time<Duration>;

constexpr std::int64_t to_ms(Instant instant) { return instant.time_since_epoch().count(); }
constexpr Instant from_ms(std::int64_t ms) { return Instant(Duration(ms)); }

}  // namespace sched::time
