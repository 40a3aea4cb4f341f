#include "time/cron_day.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace sched::time {
namespace {

bool is_letter(std::string_view text, char upper) {
  return text.size() == 1 && (text[0] == upper || text[0] == upper - 'A' + 'a');
}
bool ends_in(std::string_view item, char upper) {
  return item.size() > 1 && is_letter(item.substr(item.size() - 1), upper);
}

std::optional<base::Error> take_day_of_month(const CronField& field, std::string_view item,
                                             DayRule& days) {
  if (is_letter(item, 'L')) {
    days.days_from_end |= 1U << 1U;
    return std::nullopt;
  }
  const std::string_view before = item.substr(0, item.size() - 1);
  if (ends_in(item, 'W') && is_letter(before, 'L')) {
    days.last_weekday = true;
    return std::nullopt;
  }
  if (!ends_in(item, 'W')) {
    const bool counts_back = item.substr(1).starts_with('-');  // "L-3"
    return refuse_cron(field, item,
                       counts_back ? "programs disagree on the days before the last"
                                   : fmt::format("{} is no day", base::quote(item)),
                       counts_back ? "say it with --calendar: *-*~03 is the last day but two"
                                   : "L is the last day, LW the last from Monday to Friday");
  }
  const auto day = parse_cron_value(field, before);
  if (!day) {
    return day.error();
  }
  days.nearest_weekdays |= 1U << static_cast<unsigned>(*day);
  return std::nullopt;
}

std::optional<base::Error> take_day_of_week(const CronField& field, std::string_view item,
                                            DayRule& days) {
  if (is_letter(item, 'L')) {
    return refuse_cron(field, item, "it is not said which last day of the week is meant",
                       "write 6L for the last Saturday of the month, or 6 for every Saturday");
  }
  const auto hash = item.find('#');
  const bool has_hash = hash != std::string_view::npos;
  const auto weekday = parse_cron_value(field, item.substr(0, has_hash ? hash : item.size() - 1));
  if (!weekday) {
    return weekday.error();
  }
  const auto bit = static_cast<std::uint8_t>(1U << static_cast<unsigned>(*weekday % 7));
  if (!has_hash) {
    days.last_of_weekdays |= bit;
    return std::nullopt;
  }
  const std::string_view number = item.substr(hash + 1);
  if (number.size() != 1 || number[0] < '1' || number[0] > '5') {
    return refuse_cron(field, number, fmt::format("{} is outside 1-5", base::quote(number)),
                       "5#3 is the third Friday of the month, 5L the last");
  }
  days.nth_weekdays[static_cast<std::size_t>(number[0] - '1')] |= bit;
  return std::nullopt;
}

}  // namespace

bool is_extended_day(const CronField& field, std::string_view item) {
  switch (field.unit) {
    case CronUnit::day_of_month:
      return item == "?" || is_letter(item.substr(0, 1), 'L') || ends_in(item, 'W');
    case CronUnit::day_of_week:
      return item == "?" || is_letter(item, 'L') || ends_in(item, 'L') ||
             item.find('#') != std::string_view::npos;
    case CronUnit::second:
    case CronUnit::minute:
    case CronUnit::hour:
    case CronUnit::month:
    case CronUnit::year:
      break;
  }
  return false;
}

std::optional<base::Error> take_extended_day(const CronField& field, std::string_view item,
                                             DayRule& days) {
  if (item == "?") {
    if (field.text != "?") {
      return refuse_cron(field, item, "? stands alone in its field",
                         "leave it out, or put * for every day");
    }
    return std::nullopt;
  }
  return field.unit == CronUnit::day_of_month ? take_day_of_month(field, item, days)
                                              : take_day_of_week(field, item, days);
}

}  // namespace sched::time
