#include "time/timetable.hpp"

#include "time/timestamp.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace sched;
using namespace sched::time;
using namespace std::chrono_literals;

namespace {

using Lines = std::vector<std::string>;

Instant moment(const std::string& text) {
  return parse_moment(text, k_first_instant, "UTC").value().at;
}

Zone zone(const char* name) {
  return Zone::named(name).value();
}

TimerRule cron(const std::string& text, const char* in = "UTC") {
  return CronTimes{parse_cron(text, CronDialect::standard, "task").value(), zone(in)};
}

TimerRule calendar(const std::string& text, const char* in = "UTC") {
  return CalendarTimes{parse_calendar(text).value(), zone(in)};
}

TimerRule every(Duration period, const std::string& anchor = "2026-01-01T00:00:00Z") {
  return Every{period, moment(anchor)};
}

Timetable table_of(std::vector<TimerRule> timers) {
  return {std::move(timers), Zone::utc(), {}, {}, {}, {}};
}

DayRules expressions(const std::vector<std::string>& texts) {
  DayRules rules;
  for (const std::string& text : texts) {
    rules.expressions.push_back(parse_calendar(text).value());
  }
  return rules;
}

std::chrono::local_days day(int year, unsigned month, unsigned of_month) {
  return std::chrono::local_days(std::chrono::year(year) / static_cast<int>(month) /
                                 static_cast<int>(of_month));
}

/// The first so many firings.
Lines firings(const Timetable& table, const std::string& after, int count) {
  Lines lines;
  auto at = next_firing(table, moment(after));
  for (; at && count > 0; --count) {
    lines.push_back(to_rfc3339(*at));
    at = next_firing(table, *at);
  }
  return lines;
}

}  // namespace

TEST_CASE("several timers at one moment are one firing") {
  const Timetable table =
      table_of({cron("0 9 * * *"), calendar("09:00"), every(12h, "2026-01-01T09:00:00Z"),
                cron("0 10 * * *", "Europe/Berlin")});
  CHECK(firings(table, "2026-01-05T00:00:00Z", 3) ==
        Lines{"2026-01-05T09:00:00Z", "2026-01-05T21:00:00Z", "2026-01-06T09:00:00Z"});
}

TEST_CASE("an interval stands on the grid of its anchor") {
  struct Row {
    const char* anchor;
    const char* after;
    const char* expected;
  };
  for (const Row& row :
       {Row{"2026-06-01T00:07:00Z", "2026-01-01T00:00:00Z", "2026-06-01T00:07:00Z"},
        Row{"2026-06-01T00:07:00Z", "2026-06-01T00:06:59Z", "2026-06-01T00:07:00Z"},
        Row{"2026-06-01T00:07:00Z", "2026-06-01T00:07:00Z", "2026-06-01T00:22:00Z"},
        Row{"1999-01-01T00:07:00Z", "2026-06-01T00:07:30Z", "2026-06-01T00:22:00Z"},
        // In elapsed time, whatever the clocks do: Berlin's went forward at 01:00 UTC.
        Row{"2026-03-28T23:07:00Z", "2026-03-29T00:59:00Z", "2026-03-29T01:07:00Z"}}) {
    CAPTURE(std::string(row.after));
    Timetable table = table_of({every(15min, row.anchor)});
    table.zone = zone("Europe/Berlin");
    CHECK(firings(table, row.after, 1) == Lines{row.expected});
  }
}

TEST_CASE("an interval that reaches beyond the end of time is over") {
  CHECK(firings(table_of({every(24h * 146000, "2150-01-01T00:00:00Z")}), "2151-01-01T00:00:00Z", 1)
            .empty());
}

TEST_CASE("both bounds are moments that count") {
  Timetable table = table_of({every(1h)});
  table.not_before = moment("2026-02-01T10:00:00Z");
  table.not_after = moment("2026-02-01T12:00:00Z");
  CHECK(firings(table, "2026-01-01T00:00:00Z", 9) ==
        Lines{"2026-02-01T10:00:00Z", "2026-02-01T11:00:00Z", "2026-02-01T12:00:00Z"});
  table.not_before = moment("2026-02-01T12:00:01Z");
  CHECK(firings(table, "2026-01-01T00:00:00Z", 1).empty());
}

TEST_CASE("days and times of days are left out, or alone taken") {
  struct Row {
    const char* what;
    Lines except;
    Lines only;
    Lines expected;  // of every six hours, from Friday 2026-01-02
  };
  const std::string fri = "2026-01-02T";
  const std::string sat = "2026-01-03T";
  const std::string sun = "2026-01-04T";
  const std::string mon = "2026-01-05T";
  for (const Row& row :
       {Row{"whole days", {"Sat,Sun"}, {}, {fri + "18:00:00Z", mon + "00:00:00Z"}},
        Row{"times", {"18:00"}, {}, {sat + "00:00:00Z", sat + "06:00:00Z"}},
        Row{"a time of one day", {"Fri 18:00"}, {}, {sat + "00:00:00Z", sat + "06:00:00Z"}},
        Row{"two of them", {"Sat", "Sun *:00"}, {}, {fri + "18:00:00Z", mon + "00:00:00Z"}},
        Row{"only a day", {}, {"Sun"}, {sun + "00:00:00Z", sun + "06:00:00Z"}},
        Row{"only times", {}, {"06..12:00"}, {sat + "06:00:00Z", sat + "12:00:00Z"}},
        Row{"except goes before only", {"06:00"}, {"Sun"}, {sun + "00:00:00Z", sun + "12:00:00Z"}},
        Row{"only either", {}, {"Sun", "*-*-5"}, {sun + "00:00:00Z", sun + "06:00:00Z"}}}) {
    CAPTURE(std::string(row.what));
    Timetable table = table_of({every(6h)});
    table.except = expressions(row.except);
    table.only = expressions(row.only);
    CHECK(firings(table, fri + "12:00:00Z", 2) == row.expected);
  }
}

TEST_CASE("business days leave out week-ends and holidays, by the clock of the zone") {
  Timetable table = table_of({cron("30 23 * * *", "America/New_York")});
  table.only = expressions({"Mon..Fri"});
  table.except.days = {day(2026, 12, 25), day(2027, 1, 1)};
  CHECK(firings(table, "2026-12-24T05:00:00Z", 6) ==
        Lines{"2026-12-25T04:30:00Z", "2026-12-29T04:30:00Z", "2026-12-30T04:30:00Z",
              "2026-12-31T04:30:00Z", "2027-01-01T04:30:00Z", "2027-01-05T04:30:00Z"});
  table.only = {};
  table.only.days = {day(2026, 12, 25), day(2026, 12, 26)};
  CHECK(firings(table, "2026-01-01T00:00:00Z", 9) == Lines{"2026-12-27T04:30:00Z"});
}

TEST_CASE("a schedule without a day that is left is never, whatever its period") {
  for (const TimerRule& timer : {every(1s), cron("* * * * *"), calendar("*:*:*")}) {
    Timetable table = table_of({timer});
    table.except = expressions({"Mon..Fri", "Sat,Sun"});
    CHECK(!next_firing(table, moment("2026-01-01T00:00:00Z")));
    table.except = {};
    table.only.days = {day(2020, 1, 1)};
    CHECK(!next_firing(table, moment("2026-01-01T00:00:00Z")));
    table.only = expressions({"2020-01-01"});
    CHECK(!next_firing(table, moment("2026-01-01T00:00:00Z")));
    table.only = expressions({"2020-01-01 09:00"});
    CHECK(!next_firing(table, moment("2026-01-01T00:00:00Z")));
  }
}

TEST_CASE("a zone in a calendar expression goes before the task's") {
  CHECK(firings(table_of({calendar("09:00 Asia/Tokyo", "Europe/Berlin")}), "2026-01-01T00:00:00Z",
                1) == Lines{"2026-01-02T00:00:00Z"});
  CHECK(firings(table_of({calendar("09:00", "Europe/Berlin")}), "2026-01-01T00:00:00Z", 1) ==
        Lines{"2026-01-01T08:00:00Z"});
}

TEST_CASE("an exclusion is read by its own zone when it names one, else by the timer's") {
  Timetable table = table_of({every(6h)});
  table.except = expressions({"Sat Asia/Tokyo"});  // Friday 15:00 to Saturday 15:00 in UTC.
  CHECK(firings(table, "2026-01-02T06:00:00Z", 3) ==
        Lines{"2026-01-02T12:00:00Z", "2026-01-03T18:00:00Z", "2026-01-04T00:00:00Z"});
  table.except = {};
  table.only = expressions({"Sat Asia/Tokyo"});
  CHECK(firings(table, "2026-01-02T06:00:00Z", 4) ==
        Lines{"2026-01-02T18:00:00Z", "2026-01-03T00:00:00Z", "2026-01-03T06:00:00Z",
              "2026-01-03T12:00:00Z"});
  table.only = {};
  table.zone = zone("Asia/Tokyo");
  table.except = expressions({"Sat"});
  CHECK(firings(table, "2026-01-02T06:00:00Z", 2) ==
        Lines{"2026-01-02T12:00:00Z", "2026-01-03T18:00:00Z"});
}

TEST_CASE("a day that is left out takes nothing of the next with it, whatever its midnight does") {
  // Havana's midnight of 2026-03-08 is passed over, and that of 2026-11-01 comes twice.
  for (const char* text : {"2026-03-07", "2026-10-31"}) {
    CAPTURE(std::string(text));
    Timetable table = table_of({every(30min)});
    table.zone = zone("America/Havana");
    table.except = expressions({text});
    const Instant noon = moment(std::string(text) + " 12:00 America/Havana");
    const auto next = next_firing(table, noon);
    REQUIRE(next);
    Instant slow = noon;
    while (table.zone.to_local(slow) <
           std::chrono::floor<std::chrono::days>(table.zone.to_local(noon)) + 24h) {
      slow += 30min;
    }
    CHECK(to_rfc3339(*next) == to_rfc3339(slow));
  }
}
