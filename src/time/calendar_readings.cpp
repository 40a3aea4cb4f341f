#include "time/calendar_readings.hpp"

#include <vector>

namespace sched::time {
namespace {

constexpr std::uint32_t k_us_per_ms = 1000;
constexpr std::uint32_t k_ms_per_minute = 60'000;

/// The values of a field as bits; all between the bounds for "*".
std::uint64_t bits(const CalendarField& field, const CalendarUnit& unit) {
  std::uint64_t set = 0;
  const CalendarField any = {CalendarItem{unit.least, unit.greatest, 1}};
  for_each_value(field.empty() ? any : field, unit,
                 [&](std::uint32_t value) { set |= std::uint64_t{1} << value; });
  return set;
}

/// Each fraction fires at the millisecond that it falls into, those that share one only once.
std::vector<std::uint16_t> milliseconds(CalendarField seconds_us) {
  for (CalendarItem& item : seconds_us) {
    // Steps of less than a millisecond meet every one: 60 million values, and nothing lost.
    if (item.step > 0 && item.step < k_us_per_ms) {
      item.first -= item.first % k_us_per_ms;
      item.step = k_us_per_ms;
    }
  }
  std::vector<bool> fires(k_ms_per_minute);
  for_each_value(seconds_us, k_seconds,
                 [&](std::uint32_t value) { fires[value / k_us_per_ms] = true; });
  std::vector<std::uint16_t> found;
  for (std::uint32_t ms = 0; ms < k_ms_per_minute; ++ms) {
    if (fires[ms]) {
      found.push_back(static_cast<std::uint16_t>(ms));
    }
  }
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
