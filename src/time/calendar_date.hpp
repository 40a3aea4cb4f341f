#pragma once

#include "time/calendar.hpp"
#include "time/calendar_scanner.hpp"

#include <optional>

namespace sched::time {

/// Takes the date and the blanks behind it; nothing where a time stands. "@1717200000" is taken
/// whole, as a date and a time in UTC. What comes back is why it could not be done.
std::optional<base::Error> read_date(CalendarScanner& scanner, CalendarSpec& spec);

}  // namespace sched::time
