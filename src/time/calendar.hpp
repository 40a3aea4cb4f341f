#pragma once

#include "base/result.hpp"
#include "time/calendar_field.hpp"
#include "time/readings.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sched::time {

/// A calendar expression, the language of OnCalendar= in systemd.time(7): "Mon..Fri 09:00",
/// "*-*~1 23:59 Europe/Berlin", "quarterly", "@1717200000".
struct CalendarSpec {
  std::string written;        ///< As it was given: it says more than the normal form does.
  std::uint8_t weekdays = 0;  ///< Bit 0 is Sunday; 0 is any day.
  CalendarField years;
  CalendarField months;
  CalendarField days;
  bool from_end = false;  ///< `days` count from the end of the month: 1 is its last day.
  CalendarField hours;
  CalendarField minutes;
  CalendarField seconds_us;  ///< In microseconds.
  std::optional<Zone> zone;  ///< Named at the end; "@" is in UTC. Empty: the caller's.
  bool has_time = false;     ///< Not in "Mon" and "daily", which stand for midnight.
  bool has_seconds = false;  ///< Not in "09:00" and "hourly", which stand for second 0.
  Readings readings;         ///< All of the above but the zone.
};

/// Reads the language of systemd.time(7), "Mon-Fri" for "Mon..Fri" and all shorthands included.
/// Years are 1970-2199; 0-69 and 70-99 stand for 2000-2069 and 1970-1999.
///
/// Fractions of a second are rounded to the microsecond, as systemd does, and fire at the
/// millisecond that they fall into: the digits below are kept for the normal form only.
///
/// What systemd refuses is refused (ErrorKind::invalid_input): the message names the byte, the hint
/// what was probably meant. So is a zone that is not known.
base::Result<CalendarSpec> parse_calendar(std::string_view text);

/// systemd's normal form: "Mon..Fri *-*-* 09:00:00". It fires at the same moments; has_time and
/// has_seconds do not come back from it.
std::string to_string(const CalendarSpec& spec);

/// The first firing strictly later than `after`, in the zone of `spec` or else in `fallback`; empty
/// is never, and there is none after 2199. The rule for clock changes is that of
/// next_firing(Readings).
std::optional<Instant> next_firing(const CalendarSpec& spec, const Zone& fallback, Instant after);

/// Whether `spec`, as an exclusion, holds at that reading (of the clock in its zone): without a
/// time for the whole day, without seconds for the whole minute, without a fraction for the whole
/// second.
bool covers(const CalendarSpec& spec, LocalTime local);

/// Whether that holds at some time of the day.
bool covers_day(const CalendarSpec& spec, std::chrono::local_days day);

}  // namespace sched::time
