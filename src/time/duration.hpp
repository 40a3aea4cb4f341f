#pragma once

#include "base/result.hpp"
#include "time/instant.hpp"

#include <string>
#include <string_view>

namespace sched::time {

/// Reads "90s", "1h30m" or "2d 12h": whole numbers, each with a unit (us, ms, s/sec, m/min, h/hr,
/// d, w; singular and plural words as in systemd.time(7)).
///
/// Empty, negative or overflowing text is refused (ErrorKind::invalid_input) and the message names
/// what is wrong. So is a bare number, for nobody can tell seconds from minutes; months and years
/// are refused, for they are no fixed length, and microseconds that make no whole millisecond. "0"
/// with a unit is zero.
base::Result<Duration> parse_duration(std::string_view text);

/// The shortest exact text: "1h30m", "250ms", "0s". parse_duration reads it back.
std::string to_string(Duration duration);

}  // namespace sched::time
