#include "time/day_rule.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace sched;

namespace {

time::DayRule every_month() {
  time::DayRule rule;
  rule.months = 0x1FFE;
  return rule;
}

/// "1,15,29" for the days of a month.
std::string days(const time::DayRule& rule, int year, unsigned month) {
  const std::uint32_t found =
      time::days_in(rule, std::chrono::year(year), std::chrono::month(month));
  std::string text;
  for (unsigned day = 0; day < 32; ++day) {
    if ((found >> day & 1U) != 0) {
      text += (text.empty() ? "" : ",") + std::to_string(day);
    }
  }
  return text;
}

constexpr std::uint32_t k_all_days = 0xFFFFFFFE;
constexpr std::uint8_t k_all_weekdays = 0x7F;

}  // namespace

TEST_CASE("a month has no more days than it has") {
  time::DayRule rule = every_month();
  rule.days = 1U << 1U | 1U << 29U | 1U << 30U | 1U << 31U;
  rule.weekdays = k_all_weekdays;
  CHECK(days(rule, 2026, 1) == "1,29,30,31");
  CHECK(days(rule, 2026, 4) == "1,29,30");
  CHECK(days(rule, 2026, 2) == "1");
  CHECK(days(rule, 2024, 2) == "1,29");
  CHECK(days(rule, 2100, 2) == "1");
}

TEST_CASE("the two ways to name a day are both asked for, or one suffices") {
  time::DayRule rule = every_month();
  rule.days = 1U << 13U;
  rule.weekdays = 1U << 5U;
  CHECK(days(rule, 2026, 1).empty());
  CHECK(days(rule, 2026, 2) == "13");
  rule.either = true;
  CHECK(days(rule, 2026, 1) == "2,9,13,16,23,30");
}

TEST_CASE("days are counted from the end, by weekday, and to the nearest weekday") {
  struct Row {
    int year;
    unsigned month;
    const char* last_and_third_last;
    const char* last_weekday;
    const char* nearest;  // to 1, 15 and 31
    const char* third_friday_fifth_monday;
    const char* last_friday_last_sunday;
  };
  for (const Row& row : {
           Row{2026, 1, "29,31", "30", "1,15,30", "16", "25,30"},
           Row{2026, 2, "26,28", "27", "2,16", "20", "22,27"},
           Row{2026, 3, "29,31", "31", "2,16,31", "20,30", "27,29"},
           Row{2024, 6, "28,30", "28", "3,14", "21", "28,30"},
           Row{2024, 9, "28,30", "30", "2,16", "20,30", "27,29"},
           Row{2024, 2, "27,29", "29", "1,15", "16", "23,25"},
           Row{2026, 5, "29,31", "29", "1,15,29", "15", "29,31"},
       }) {
    CAPTURE(row.year);
    CAPTURE(row.month);
    time::DayRule rule = every_month();
    rule.weekdays = k_all_weekdays;
    rule.days_from_end = 1U << 1U | 1U << 3U;
    CHECK(days(rule, row.year, row.month) == row.last_and_third_last);
    rule.days_from_end = 0;
    rule.last_weekday = true;
    CHECK(days(rule, row.year, row.month) == row.last_weekday);
    rule.last_weekday = false;
    rule.nearest_weekdays = 1U << 1U | 1U << 15U | 1U << 31U;
    CHECK(days(rule, row.year, row.month) == row.nearest);

    rule = every_month();
    rule.days = k_all_days;
    rule.nth_weekdays = {0, 0, 1U << 5U, 0, 1U << 1U};
    CHECK(days(rule, row.year, row.month) == row.third_friday_fifth_monday);
    rule.nth_weekdays = {};
    rule.last_of_weekdays = 1U << 5U | 1U << 0U;
    CHECK(days(rule, row.year, row.month) == row.last_friday_last_sunday);
  }
}

TEST_CASE("months and years that are not asked for have no days") {
  time::DayRule rule = every_month();
  rule.days = k_all_days;
  rule.weekdays = k_all_weekdays;
  CHECK(days(rule, 2499, 2) != "");
  CHECK(days(rule, 2500, 2).empty());
  CHECK(days(rule, 1969, 2).empty());
  rule.years.reset(2499 - 1970);
  CHECK(days(rule, 2499, 2).empty());
  rule.months = 1U << 3U;
  CHECK(days(rule, 2026, 2).empty());
  CHECK(days(rule, 2026, 3) != "");
}
