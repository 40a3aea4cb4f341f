#include "exchange/cron_calendar.hpp"

#include "exchange/number_list.hpp"
#include "time/cron.hpp"

#include <fmt/format.h>

#include <array>

namespace sched::exchange {
namespace {

constexpr std::uint64_t k_all_minutes = (std::uint64_t{1} << 60) - 1;
constexpr std::uint64_t k_all_hours = (1U << 24) - 1;
constexpr std::uint64_t k_all_days = 0xFFFFFFFE;
constexpr std::uint64_t k_all_months = 0x1FFE;
constexpr std::uint64_t k_all_weekdays = 0x7F;

std::string component(std::uint64_t bits, std::uint64_t all) {
  return bits == all ? "*" : write_numbers(bits, {"..", 2});
}

/// "*" makes a wildcard; a set of all that is none is written out.
std::string clock_component(std::uint64_t bits, std::uint64_t all, bool is_wildcard) {
  return is_wildcard ? component(bits, all) : write_numbers(bits, {"..", 2});
}

std::string weekday_names(std::uint64_t weekdays) {
  constexpr std::array k_names = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::uint64_t k_working_days = 0x3E;
  if (weekdays == k_working_days) {
    return "Mon..Fri";
  }
  std::string names;
  for (std::size_t i = 0; i < k_names.size(); ++i) {
    if ((weekdays >> i & 1) != 0) {
      names += (names.empty() ? "" : ",") + std::string(k_names[i]);
    }
  }
  return names;
}

std::string calendar_text(std::uint64_t weekdays, std::uint64_t days,
                          const time::Readings& readings, std::string_view zone) {
  return fmt::format("{}*-{}-{} {}:{}:00{}{}",
                     weekdays == k_all_weekdays ? "" : weekday_names(weekdays) + " ",
                     component(readings.days.months, k_all_months), component(days, k_all_days),
                     clock_component(readings.hours, k_all_hours, readings.is_wildcard),
                     clock_component(readings.minutes, k_all_minutes, readings.is_wildcard),
                     zone.empty() ? "" : " ", zone);
}

std::string cron_field(std::uint64_t bits, std::uint64_t all, bool may_be_star) {
  return may_be_star && bits == all ? "*" : write_numbers(bits, {"-", 1});
}

/// Days that are "*/n" in cron; 0 when they are not.
int find_day_step(std::uint64_t days) {
  for (int step = 2; step <= 31; ++step) {
    std::uint64_t steps = 0;
    for (int day = 1; day <= 31; day += step) {
      steps |= std::uint64_t{1} << day;
    }
    if (steps == days) {
      return step;
    }
  }
  return 0;
}

}  // namespace

base::Result<CalendarText> to_calendar(std::string_view cron, std::string_view zone) {
  const auto expression = time::parse_cron(cron, time::CronDialect::standard, "");
  if (!expression) {
    return expression.error();
  }
  if (expression->at_boot) {
    return base::bad_input("@reboot is no moment of the calendar",
                           "a timer has OnBootSec= for that");
  }
  const time::Readings& readings = expression->readings;
  const time::DayRule& rule = readings.days;
  const bool any_day = rule.days == k_all_days;
  const bool any_weekday = rule.weekdays == k_all_weekdays;
  CalendarText text;
  if (rule.either && !any_day && !any_weekday) {
    text.expressions = {calendar_text(k_all_weekdays, rule.days, readings, zone),
                        calendar_text(rule.weekdays, k_all_days, readings, zone)};
  } else if (rule.either) {
    text.expressions = {calendar_text(k_all_weekdays, k_all_days, readings, zone)};
  } else {
    text.expressions = {calendar_text(rule.weekdays, rule.days, readings, zone)};
  }
  text.changes_clock_rule =
      readings.is_wildcard && readings.hours != k_all_hours && readings.minutes != k_all_minutes;
  return text;
}

base::Result<std::string> to_cron(const time::CalendarSpec& spec) {
  const time::Readings& readings = spec.readings;
  const time::DayRule& rule = readings.days;
  if (readings.seconds_ms != std::vector<std::uint16_t>{0}) {
    return base::bad_input("cron knows no seconds");
  }
  if (!rule.years.all()) {
    return base::bad_input("cron knows no years");
  }
  if (spec.from_end) {
    return base::bad_input("cron can't count days from the end of the month");
  }
  std::string days = cron_field(rule.days, k_all_days, true);
  std::string weekdays = cron_field(rule.weekdays, k_all_weekdays, true);
  constexpr std::uint64_t k_sunday = 1;
  if (days != "*" && weekdays != "*") {
    // Both must match only where one of the fields begins with a star.
    if (const int step = find_day_step(rule.days)) {
      days = fmt::format("*/{}", step);
    } else if (rule.weekdays == k_sunday) {
      weekdays = "*/7";
    } else {
      return base::bad_input("cron can't ask for a day of the month and of the week at once");
    }
  }
  return fmt::format("{} {} {} {} {}",
                     cron_field(readings.minutes, k_all_minutes, readings.is_wildcard),
                     cron_field(readings.hours, k_all_hours, readings.is_wildcard), days,
                     cron_field(rule.months, k_all_months, true), weekdays);
}

}  // namespace sched::exchange
