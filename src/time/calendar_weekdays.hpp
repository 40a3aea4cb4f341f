#pragma once

#include "base/result.hpp"
#include "time/calendar_scanner.hpp"

#include <cstdint>
#include <string>

namespace sched::time {

/// Takes the weekdays at the beginning, "Mon..Fri,Sun" or the older "Mon-Fri", and the blanks
/// behind them; bit 0 is Sunday. 0 where there are none.
base::Result<std::uint8_t> read_weekdays(CalendarScanner& scanner);

/// "Mon..Wed,Sat,Sun", where runs of three and more become ranges; empty when any day matches.
std::string weekdays_text(std::uint8_t weekdays);

}  // namespace sched::time
