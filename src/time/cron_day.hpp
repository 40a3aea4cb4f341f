#pragma once

#include "base/result.hpp"
#include "time/cron_field.hpp"
#include "time/day_rule.hpp"

#include <optional>
#include <string_view>

namespace sched::time {

/// Whether only the extended dialect knows such an item of a day field: "?", "L", "LW", "15W", "5L"
/// or "5#3". It may still be wrong, as "32W" is.
bool is_extended_day(const CronField& field, std::string_view item);

/// Adds what such an item says to `days`; "?" says nothing.
std::optional<base::Error> take_extended_day(const CronField& field, std::string_view item,
                                             DayRule& days);

}  // namespace sched::time
