#include "time/day_rule.hpp"

#include <bit>

namespace sched::time {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr std::uint32_t k_every_weekday = 0x7F;

/// What the days of a month have to do with the week.
struct Month {
  unsigned length;
  unsigned first;  ///< The weekday of day 1, Sunday being 0.
};

Month month_of(std::chrono::year year, std::chrono::month month) {
  const sys_days begin = year / month / 1;
  const sys_days end = year / month / std::chrono::last;
  return {static_cast<unsigned>((end - begin).count() + 1),
          std::chrono::weekday(begin).c_encoding()};
}

/// The weekdays as bits of the seven days from a day of weekday `first` on, that day being bit 0.
std::uint32_t week_from(std::uint32_t weekdays, unsigned first) {
  return (weekdays >> first | weekdays << (7 - first)) & k_every_weekday;
}

/// The Monday to Friday nearest to `day` in the same month.
unsigned nearest_weekday(unsigned day, const Month& month) {
  const unsigned weekday = (month.first + day - 1) % 7;
  if (weekday == 6) {
    return day > 1 ? day - 1 : day + 2;
  }
  if (weekday == 0) {
    return day < month.length ? day + 1 : day - 2;
  }
  return day;
}

std::uint32_t by_day_of_month(const DayRule& rule, const Month& month) {
  std::uint32_t matching = rule.days;
  for (std::uint32_t rest = rule.days_from_end; rest != 0; rest &= rest - 1) {
    const auto from_end = static_cast<unsigned>(std::countr_zero(rest));
    if (from_end >= 1 && from_end <= month.length) {
      matching |= 1U << (month.length + 1 - from_end);
    }
  }
  for (std::uint32_t rest = rule.nearest_weekdays; rest != 0; rest &= rest - 1) {
    const auto day = static_cast<unsigned>(std::countr_zero(rest));
    if (day >= 1 && day <= month.length) {  // "31W" is nothing in a month of thirty days
      matching |= 1U << nearest_weekday(day, month);
    }
  }
  if (rule.last_weekday) {
    matching |= 1U << nearest_weekday(month.length, month);
  }
  return matching;
}

std::uint32_t by_weekday(const DayRule& rule, const Month& month) {
  constexpr std::uint32_t k_every_week = 1U | 1U << 7U | 1U << 14U | 1U << 21U | 1U << 28U;
  std::uint32_t matching = 0;
  if (rule.weekdays != 0) {
    // Five weeks overrun 32 bits by a few days beyond any month.
    matching = static_cast<std::uint32_t>(
        std::uint64_t{week_from(rule.weekdays, month.first)} * k_every_week << 1U);
  }
  unsigned week_begin = 1;
  for (const std::uint8_t weekdays : rule.nth_weekdays) {
    matching |=
        static_cast<std::uint32_t>(std::uint64_t{week_from(weekdays, month.first)} << week_begin);
    week_begin += 7;
  }
  if (rule.last_of_weekdays != 0) {
    const unsigned last_week = month.length - 6;
    matching |= week_from(rule.last_of_weekdays, (month.first + last_week - 1) % 7) << last_week;
  }
  return matching;
}

}  // namespace

std::uint32_t days_in(const DayRule& rule, std::chrono::year year, std::chrono::month month) {
  const int index = static_cast<int>(year) - 1970;
  if (index < 0 || index >= static_cast<int>(Years().size()) || !month.ok() ||
      (rule.months >> static_cast<unsigned>(month) & 1U) == 0 ||
      !rule.years[static_cast<std::size_t>(index)]) {
    return 0;
  }
  const Month shape = month_of(year, month);
  const auto all = static_cast<std::uint32_t>((std::uint64_t{1} << (shape.length + 1)) - 2);
  const std::uint32_t by_day = by_day_of_month(rule, shape);
  const std::uint32_t by_week = by_weekday(rule, shape);
  return (rule.either ? by_day | by_week : by_day & by_week) & all;
}

}  // namespace sched::time
