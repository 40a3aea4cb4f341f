#include "time/calendar_weekdays.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>

namespace sched::time {
namespace {

constexpr const char* k_weekday_hint =
    "weekdays are written as Mon or Monday, in lists Mon,Wed and ranges Mon..Fri";

// In this language the week begins on a Monday.
constexpr std::array<std::string_view, 7> k_days_of_week = {
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};

std::string short_name(std::size_t day) {
  std::string name(k_days_of_week[day].substr(0, 3));
  name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return name;
}

bool starts_with_any_case(std::string_view text, std::string_view lower) {
  if (text.size() < lower.size()) {
    return false;
  }
  for (std::size_t i = 0; i < lower.size(); ++i) {
    const char c = text[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != lower[i]) {
      return false;
    }
  }
  return true;
}

std::optional<std::size_t> take_day(CalendarScanner& scanner) {
  for (std::size_t day = 0; day < k_days_of_week.size(); ++day) {
    const std::string_view name = k_days_of_week[day];
    for (const std::string_view form : {name, name.substr(0, 3)}) {
      if (starts_with_any_case(scanner.rest(), form)) {
        scanner.go_to(scanner.position() + form.size());
        return day;
      }
    }
  }
  return std::nullopt;
}

std::uint8_t bit(std::size_t day) {
  return static_cast<std::uint8_t>(1U << ((day + 1) % 7));
}

std::string around_the_week(std::size_t first, std::size_t last) {
  const auto range = [](std::size_t from, std::size_t to) {
    return from == to ? short_name(from) : short_name(from) + ".." + short_name(to);
  };
  return fmt::format("the week runs from Mon to Sun: write {},{}", range(first, 6), range(0, last));
}

}  // namespace

base::Result<std::uint8_t> read_weekdays(CalendarScanner& scanner) {
  std::uint8_t weekdays = 0;
  bool in_range = false;
  std::size_t from = 0;
  for (bool is_first = true;; is_first = false) {
    const std::size_t at = scanner.position();
    const auto day = take_day(scanner);
    if (!day) {
      return is_first ? base::Result<std::uint8_t>(0)
                      : scanner.missing("a weekday", k_weekday_hint);
    }
    if (in_range && from > *day) {
      return scanner.error_at(at, "range of weekdays runs backwards", around_the_week(from, *day));
    }
    for (std::size_t i = in_range ? from : *day; i <= *day; ++i) {
      weekdays = static_cast<std::uint8_t>(weekdays | bit(i));
    }
    if (scanner.at_end() || scanner.peek() == ' ') {
      break;
    }
    const bool is_range = scanner.rest().starts_with("..") || scanner.peek() == '-';
    if (is_range && !in_range) {
      in_range = true;
      from = *day;
      scanner.go_to(scanner.position() + (scanner.peek() == '-' ? 1 : 2));
    } else if (scanner.take(',')) {
      in_range = false;
      // A comma may end the list, as in "Wed, 17:48".
      if (scanner.at_end() || scanner.peek() == ' ') {
        break;
      }
    } else {
      return scanner.missing("a blank behind the weekdays", k_weekday_hint);
    }
  }
  scanner.take_blanks();
  return weekdays;
}

std::string weekdays_text(std::uint8_t weekdays) {
  const auto has = [&](std::size_t day) { return (weekdays & bit(day)) != 0; };
  std::string text;
  for (std::size_t day = 0; day < k_days_of_week.size(); ++day) {
    if (!has(day)) {
      continue;
    }
    std::size_t last = day;
    while (last + 1 < k_days_of_week.size() && has(last + 1)) {
      ++last;
    }
    text += text.empty() ? "" : ",";
    text += short_name(day);
    if (last >= day + 2) {
      text += ".." + short_name(last);
      day = last;
    }
  }
  return text;
}

}  // namespace sched::time
