#pragma once

#include "exchange/holidays.hpp"

#include <string_view>

namespace sched::exchange {

/// Whether the text begins as iCalendar does.
bool looks_like_ical(std::string_view text);

/// The days of its events, see parse_holidays().
base::Result<DaySet> parse_ical_days(std::string_view text);

}  // namespace sched::exchange
