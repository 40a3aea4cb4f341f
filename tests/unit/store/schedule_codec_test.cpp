#include "store/schedule_codec.hpp"

#include "base/error.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace sched;
using namespace std::chrono_literals;
using model::Timer;

namespace {

std::chrono::local_days day(int year, unsigned month, unsigned of_month) {
  return std::chrono::local_days(std::chrono::year(year) / static_cast<int>(month) /
                                 static_cast<int>(of_month));
}

model::Schedule plain() {
  model::Schedule schedule;
  schedule.timers = {{Timer::Kind::cron, "0 9 * * *"}};
  schedule.zone = "UTC";
  return schedule;
}

model::Schedule full() {
  model::Schedule schedule;
  schedule.timers = {{Timer::Kind::cron, "0 9 * * *"},
                     {Timer::Kind::cron_extended, "0 0 9 ? * MON"},
                     {Timer::Kind::calendar, "Mon 09:00 \"ü\""},
                     {Timer::Kind::every, "15m"}};
  schedule.zone = "Europe/Berlin";
  schedule.anchor = time::from_ms(1);
  schedule.from_finish = true;
  schedule.not_before = time::from_ms(0);
  schedule.not_after = time::from_ms(7'258'118'399'999);
  schedule.count = 3;
  schedule.except = {{"Sat", "Sun"}, {day(1970, 1, 1), day(2026, 12, 25)}, "/etc/holidays"};
  schedule.only = {{"Mon..Fri"}, {day(1969, 12, 31)}, "/srv/days.ics"};
  schedule.catch_up = {model::CatchUp::Kind::all, 7};
  schedule.grace = 90min;
  schedule.overlap = model::Overlap::replace;
  schedule.jitter = 1ms;
  return schedule;
}

model::Schedule again(const model::Schedule& schedule) {
  return store::read_schedule(base::Json::parse(store::schedule_json(schedule).dump()));
}

}  // namespace

TEST_CASE("every field of a schedule is remembered") {
  CHECK(again(full()) == full());
  CHECK(again(plain()) == plain());
  for (const char* policy : {"none", "last", "all", "all:3"}) {
    model::Schedule schedule = plain();
    schedule.catch_up = model::parse_catch_up(policy).value();
    CHECK(again(schedule) == schedule);
  }
  for (const char* policy : {"skip", "queue", "replace", "allow"}) {
    model::Schedule schedule = plain();
    schedule.overlap = model::parse_overlap(policy).value();
    CHECK(again(schedule) == schedule);
  }
  model::Schedule empty_file = plain();
  empty_file.only.file = "/srv/nothing";
  CHECK(again(empty_file) == empty_file);
}

TEST_CASE("what is as usual takes no room") {
  CHECK(store::schedule_json(plain()).dump() ==
        R"({"timers":[["cron","0 9 * * *"]],"zone":"UTC"})");
  CHECK(store::schedule_json(full()).size() == 13);
}

TEST_CASE("what was never written is refused") {
  CHECK_THROWS_AS(
      store::read_schedule(base::Json::parse(R"({"timers":[["moon","full"]],"zone":"UTC"})")),
      base::Error);
  CHECK_THROWS_AS(store::read_schedule(base::Json::parse(
                      R"({"timers":[["every","1h"]],"zone":"UTC","overlap":"maybe"})")),
                  base::Error);
  for (const char* text : {"{}", R"({"timers":3,"zone":"UTC"})", R"({"timers":[["cron"]]})"}) {
    CAPTURE(std::string(text));
    CHECK_THROWS_AS(store::read_schedule(base::Json::parse(text)), base::Json::exception);
  }
}
