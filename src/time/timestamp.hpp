#pragma once

#include "base/result.hpp"
#include "time/instant.hpp"

#include <string>
#include <string_view>

namespace sched::time {

/// A moment as a person wrote it, and what they should be told about it (empty: nothing).
struct Moment {
  Instant at;
  std::string warning;
};

/// Reads a moment:
///   - "now", "+2h30m" (elapsed time from now)
///   - RFC 3339 with its offset: "2026-03-01T09:00:00Z", "2026-03-01 09:00:00.5+01:00"
///   - local time in `zone` or in a zone named at the end: "2026-03-01 09:00",
///     "2026-03-01T09:00:30", "2026-03-01" (midnight), "2026-03-01 09:00 Europe/Berlin"
///   - "09:00" or "09:00:30": the next time that the clock shows it
///   - "today 09:00", "tomorrow 09:00", "tomorrow" (midnight), "yesterday"
///   - "monday 10:00": the next such day, today when still to come
///
/// A local time that does not exist is refused and the hint names the first that does; one that
/// comes twice takes its first pass, with a warning. "09:00" and "monday 10:00" pass over a day
/// whose clock does not show them, with a warning. Leap seconds, 24:00 and moments outside
/// 1970-2499 are refused; digits beyond the millisecond are dropped. `zone` is a tzdata name, "" is
/// the system's.
base::Result<Moment> parse_moment(std::string_view text, Instant now, std::string_view zone = {});

/// RFC 3339 in UTC, to the millisecond where there is a fraction: "2026-03-01T09:00:00Z".
std::string to_rfc3339(Instant instant);

/// For eyes, in `zone`: "2026-03-01 09:00:00". "" is the system's; one that is not known (any more)
/// shows UTC.
std::string to_local(Instant instant, std::string_view zone = {});

}  // namespace sched::time
