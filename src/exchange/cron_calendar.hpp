#pragma once

#include "time/calendar.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sched::exchange {

/// A cron expression in the language of OnCalendar=.
struct CalendarText {
  /// To be fired by any of them; two where a day must match only one of cron's day fields.
  std::vector<std::string> expressions;
  /// Whether they treat a change of clocks otherwise: OnCalendar= has no "*/n", so what follows
  /// real time in cron ("*/15 2 * * *") fires by the reading of the clock there.
  bool changes_clock_rule = false;
};

/// The five fields or the macro, read in `zone` ("" being the machine's). Refused
/// (ErrorKind::invalid_input) when it is no cron expression, or is @reboot.
base::Result<CalendarText> to_calendar(std::string_view cron, std::string_view zone);

/// The five fields that fire at the moments of `spec`, in its zone. Refused
/// (ErrorKind::invalid_input) for what cron can't say: seconds, years, days from the end of the
/// month, and most combinations of weekday and day of the month, of which cron wants one only.
base::Result<std::string> to_cron(const time::CalendarSpec& spec);

}  // namespace sched::exchange
