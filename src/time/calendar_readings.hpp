#pragma once

#include "time/calendar.hpp"

namespace sched::time {

/// What the parts of `spec` come down to. Its own `readings` are not looked at.
Readings to_readings(const CalendarSpec& spec);

}  // namespace sched::time
