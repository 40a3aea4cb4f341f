#include "time/posix_rule.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace sched;
using namespace std::chrono_literals;

namespace {

std::chrono::sys_time<time::Duration> utc(int year, unsigned month, unsigned day,
                                          time::Duration time_of_day) {
  return std::chrono::sys_days(std::chrono::year(year) / std::chrono::month(month) /
                               std::chrono::day(day)) +
         time_of_day;
}

}  // namespace

TEST_CASE("a rule of tzdata gives the changes of any year") {
  struct Row {
    const char* rule;
    int year;
    time::Instant first;
    time::Instant second;
  };
  for (const Row& row :
       {Row{"CET-1CEST,M3.5.0,M10.5.0/3", 2050, utc(2050, 3, 27, 1h), utc(2050, 10, 30, 1h)},
        Row{"EST5EDT,M3.2.0,M11.1.0", 2099, utc(2099, 3, 8, 7h), utc(2099, 11, 1, 6h)},
        // Winter time is the one with a name of its own in Dublin, and is the "summer" of its rule.
        Row{"IST-1GMT0,M10.5.0,M3.5.0/1", 2040, utc(2040, 3, 25, 1h), utc(2040, 10, 28, 1h)},
        Row{"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 2040, utc(2040, 3, 31, 15h),
            utc(2040, 10, 6, 15h + 30min)},
        Row{"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2040, utc(2040, 3, 25, 1h), utc(2040, 10, 28, 1h)},
        Row{"AAA0BBB,J60/0,J300/0", 2040, utc(2040, 3, 1, 0h), utc(2040, 10, 26, 23h)},
        Row{"AAA0BBB,59/0,300/0", 2040, utc(2040, 2, 29, 0h), utc(2040, 10, 26, 23h)}}) {
    CAPTURE(row.rule);
    const auto rule = time::parse_posix_rule(row.rule);
    REQUIRE(rule.has_value());
    const auto changes = rule->changes(std::chrono::year(row.year));
    REQUIRE(changes.size() == 2);
    CHECK(time::to_ms(changes[0].at) == time::to_ms(row.first));
    CHECK(time::to_ms(changes[1].at) == time::to_ms(row.second));
  }
}

TEST_CASE("a rule without summer time has no changes") {
  const auto rule = time::parse_posix_rule("<+0545>-5:45");
  REQUIRE(rule.has_value());
  CHECK(rule->standard == 5h + 45min);
  CHECK(rule->changes(std::chrono::year(2050)).empty());
}

TEST_CASE("what is no rule is empty") {
  for (const char* text :
       {"", "C", "CET", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M3.5.0,M10.5.0/3x", "<+01-1", "CET-25", "CET-1CEST,J0,J9"}) {
    CAPTURE(text);
    CHECK_FALSE(time::parse_posix_rule(text).has_value());
  }
}
