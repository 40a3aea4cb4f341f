#pragma once

#include "base/result.hpp"
#include "time/calendar_scanner.hpp"

namespace sched::time {

/// What a component means now that its unit is known: within its bounds, ascending, and every step
/// leading somewhere. `scanner` is where it was read, for the refusal.
base::Result<CalendarField> to_field(const WrittenField& written, const CalendarUnit& unit,
                                     const CalendarScanner& scanner);

/// The same, read from where `scanner` stands.
base::Result<CalendarField> read_field(CalendarScanner& scanner, const CalendarUnit& unit);

}  // namespace sched::time
