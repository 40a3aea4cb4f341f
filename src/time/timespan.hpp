#pragma once

#include "base/result.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <ratio>
#include <string>
#include <string_view>

namespace sched::time {

/// A time span of systemd, to be taken over from its units: microseconds, never negative.
using TimeSpan = std::chrono::duration<std::uint64_t, std::micro>;

/// What "infinity" stands for.
inline constexpr TimeSpan k_infinite_span = TimeSpan::max();

/// Reads "5min 20s", "1.5h", "90" or "infinity" as systemd does: fractions are taken, units go as
/// far as years (365.25 days) and a number without one is in seconds, so that "1h30" is an hour and
/// 30 seconds. What people write for sched itself is read by parse_duration(), which refuses that.
///
/// What systemd refuses is refused (ErrorKind::invalid_input), and the message names the byte.
base::Result<TimeSpan> parse_timespan(std::string_view text);

/// As `systemd-analyze timespan` shows it: "1h 30min", "1.250000s", "0", "infinity".
/// parse_timespan() reads it back, but not the 584542nd year, which systemd counts and can't read.
std::string to_human(TimeSpan span);

}  // namespace sched::time
