#pragma once

#include <chrono>
#include <cstdint>

namespace sched::time {

/// Elapsed time, in milliseconds.
using Duration = std::chrono::milliseconds;

/// A moment in UTC, in milliseconds since 1970. Years 1970 to 2499 are what sched works with.
using Instant = std::chrono::sys_time<Duration>;

/// What a clock on the wall shows, in milliseconds: it stands for no moment until a Zone resolves
/// it.
using LocalTime = std::chrono::local_time<Duration>;

constexpr std::int64_t to_ms(Instant instant) {
  return instant.time_since_epoch().count();
}
constexpr Instant from_ms(std::int64_t ms) {
  return Instant(Duration(ms));
}

/// The bounds of what sched works with: 1970-01-01 and 2500-01-01 UTC, the latter excluded: a leap
/// day on a certain weekday is up to 40 years away, and programs ask for centuries.
constexpr Instant k_first_instant{};
constexpr Instant k_end_of_time = std::chrono::sys_days(std::chrono::year(2500) / 1 / 1);
constexpr bool is_in_range(Instant instant) {
  return instant >= k_first_instant && instant < k_end_of_time;
}

}  // namespace sched::time
