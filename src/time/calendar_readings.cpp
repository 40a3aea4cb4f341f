#include "time/calendar_readings.hpp"

#include <algorithm>
#include <vector>

namespace sched::time {
namespace {

constexpr std::uint32_t k_us_in_ms = 1000;
constexpr std::uint32_t k_ms_per_minute = 60'000;

/// The values of a field as bits; all between the bounds for "*".
std::uint64_t bits(const CalendarField& field, const CalendarUnit& unit) {
  std::uint64_t set = 0;
  const CalendarField any = {CalendarItem{unit.least, unit.greatest, 1}};
  for_each_value(field.empty() ? any : field, unit,
                 [&](std::uint32_t value) { set |= std::uint64_t{1} << value; });
  return set;
}

void make_ascending(std::vector<std::uint16_t>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

/// Each fraction fires at the millisecond that it falls into, those that share one only once.
std::vector<std::uint16_t> milliseconds(const CalendarField& seconds_us) {
  std::vector<std::uint16_t> found;
  for (CalendarItem item : seconds_us) {
    // Steps of less than a millisecond meet every one: 60 million values, and nothing lost.
    if (item.step > 0 && item.step < k_us_in_ms) {
      item.first -= item.first % k_us_in_ms;
      item.step = k_us_in_ms;
    }
    for_each_value({item}, k_seconds, [&](std::uint32_t value) {
      found.push_back(static_cast<std::uint16_t>(value / k_us_in_ms));
    });
    // Now and then, for many items can be as long as a minute.
    if (found.size() > k_ms_per_minute) {
      make_ascending(found);
    }
  }
  make_ascending(found);
  return found;
}

DayRule day_rule(const CalendarSpec& spec) {
  DayRule rule;
  if (!spec.years.empty()) {
    rule.years.reset();
    for_each_value(spec.years, k_years,
                   [&](std::uint32_t year) { rule.years.set(year - k_years.least); });
  }
  rule.months = static_cast<std::uint16_t>(bits(spec.months, k_months));
  if (spec.from_end) {
    rule.days_from_end = static_cast<std::uint32_t>(bits(spec.days, k_days_from_end));
  } else {
    rule.days = static_cast<std::uint32_t>(bits(spec.days, k_days));
  }
  constexpr std::uint8_t k_any_weekday = 0x7F;
  rule.weekdays = spec.weekdays == 0 ? k_any_weekday : spec.weekdays;
  return rule;
}

}  // namespace

Readings to_readings(const CalendarSpec& spec) {
  Readings readings;
  readings.days = day_rule(spec);
  readings.hours = static_cast<std::uint32_t>(bits(spec.hours, k_hours));
  readings.minutes = bits(spec.minutes, k_minutes);
  readings.seconds_ms = milliseconds(spec.seconds_us);
  readings.is_wildcard = spec.hours.empty() || spec.minutes.empty();
  return readings;
}

}  // namespace sched::time
