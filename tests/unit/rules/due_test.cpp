#include "rules/due.hpp"

#include "rules/timetable.hpp"
#include "time/timestamp.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace sched;
using namespace std::chrono_literals;
using time::Instant;

namespace {

Instant at(const std::string& clock) {
  return time::parse_moment("2026-05-04 " + clock, {}, "UTC").value().at;
}

model::Schedule every(const char* period, const char* catch_up = "last") {
  model::Schedule schedule;
  schedule.timers = {{model::Timer::Kind::every, period}};
  schedule.zone = "UTC";
  schedule.anchor = at("00:00");
  schedule.catch_up = model::parse_catch_up(catch_up).value();
  return schedule;
}

struct Asked {
  const char* first;
  const char* now;
  const char* working_since;
};

rules::Due due(const model::Schedule& schedule, const Asked& asked,
               std::optional<int> runs_left = {}) {
  const auto table = rules::read_timetable(schedule, "task").value().table;
  return rules::due(table, schedule, at(asked.first), at(asked.now), at(asked.working_since),
                    runs_left);
}

std::string clock_of(Instant moment) {
  return time::to_local(moment, "UTC").substr(11);
}

/// "missed 2 01:00:00-02:00:00, late 03:00:00, 04:00:00, next 05:00:00"
std::string shown(const rules::Due& due) {
  std::string text;
  const auto add = [&](const std::string& what) { text += (text.empty() ? "" : ", ") + what; };
  if (due.missed) {
    add("missed " + std::to_string(due.missed->count) + " " + clock_of(due.missed->first) + "-" +
        clock_of(due.missed->last));
  }
  for (const rules::DueFiring& firing : due.firings) {
    add((firing.is_late ? "late " : "") + clock_of(firing.nominal_at));
  }
  if (due.next) {
    add("next " + clock_of(*due.next));
  }
  return text;
}

}  // namespace

TEST_CASE("catch-up says what becomes of firings that fell while no worker ran") {
  struct Row {
    const char* catch_up;
    Asked asked;
    const char* expected;
  };
  const Asked absent = {"01:00", "04:30", "04:29:59"};
  const Asked back_at_once = {"01:00", "04:00", "04:00"};
  for (const Row& row :
       {Row{"none", absent, "missed 4 01:00:00-04:00:00, next 05:00:00"},
        Row{"last", absent, "missed 3 01:00:00-03:00:00, late 04:00:00, next 05:00:00"},
        Row{"all", absent,
            "late 01:00:00, late 02:00:00, late 03:00:00, late 04:00:00, next 05:00:00"},
        Row{"all:2", absent,
            "missed 2 01:00:00-02:00:00, late 03:00:00, late 04:00:00, next 05:00:00"},
        Row{"all:4", absent,
            "late 01:00:00, late 02:00:00, late 03:00:00, late 04:00:00, next 05:00:00"},
        Row{"all:9", absent,
            "late 01:00:00, late 02:00:00, late 03:00:00, late 04:00:00, next 05:00:00"},
        // What is on time is the newest, and is not counted as caught up.
        Row{"none", back_at_once, "missed 3 01:00:00-03:00:00, 04:00:00, next 05:00:00"},
        Row{"last", back_at_once, "missed 3 01:00:00-03:00:00, 04:00:00, next 05:00:00"},
        Row{"all:1", back_at_once,
            "missed 2 01:00:00-02:00:00, late 03:00:00, 04:00:00, next 05:00:00"},
        // A single one.
        Row{"none", {"04:00", "04:30", "04:30"}, "missed 1 04:00:00-04:00:00, next 05:00:00"},
        Row{"last", {"04:00", "04:30", "04:30"}, "late 04:00:00, next 05:00:00"}}) {
    CAPTURE(std::string(row.catch_up));
    CAPTURE(std::string(row.asked.now));
    CHECK(shown(due(every("1h", row.catch_up), row.asked)) == row.expected);
  }
}

TEST_CASE("on time is what came while we worked, no more than a minute ago") {
  struct Row {
    Asked asked;
    const char* expected;
  };
  for (const Row& row :
       {Row{{"04:00", "04:00", "01:00"}, "04:00:00, next 05:00:00"},
        Row{{"04:00", "04:01", "01:00"}, "04:00:00, next 05:00:00"},
        Row{{"04:00", "04:01:00.001", "01:00"}, "missed 1 04:00:00-04:00:00, next 05:00:00"},
        Row{{"04:00", "04:00:01", "04:00:00"}, "04:00:00, next 05:00:00"},
        Row{{"04:00", "04:00:01", "04:00:00.001"}, "missed 1 04:00:00-04:00:00, next 05:00:00"},
        // The machine was asleep, or its clock was set forward.
        Row{{"02:00", "04:00:05", "01:00"},
            "missed 2 02:00:00-03:00:00, 04:00:00, next 05:00:00"}}) {
    CAPTURE(std::string(row.asked.now));
    CAPTURE(std::string(row.asked.working_since));
    CHECK(shown(due(every("1h", "none"), row.asked)) == row.expected);
  }
}

TEST_CASE("grace bounds whatever catch-up would take") {
  struct Row {
    const char* catch_up;
    time::Duration grace;
    const char* expected;
  };
  for (const Row& row :
       {Row{"all", 90min,
            "missed 2 01:00:00-02:00:00, late 03:00:00, late 04:00:00, next 05:00:00"},
        Row{"last", 30min, "missed 3 01:00:00-03:00:00, late 04:00:00, next 05:00:00"},
        Row{"last", 29min, "missed 4 01:00:00-04:00:00, next 05:00:00"},
        Row{"all:1", 90min, "missed 3 01:00:00-03:00:00, late 04:00:00, next 05:00:00"},
        Row{"none", 90min, "missed 4 01:00:00-04:00:00, next 05:00:00"}}) {
    CAPTURE(std::string(row.catch_up));
    model::Schedule schedule = every("1h", row.catch_up);
    schedule.grace = row.grace;
    CHECK(shown(due(schedule, {"01:00", "04:30", "04:30"})) == row.expected);
  }
  model::Schedule strict = every("1h");
  strict.grace = 1s;  // For what is on time as well.
  CHECK(shown(due(strict, {"04:00", "04:00:01", "01:00"})) == "04:00:00, next 05:00:00");
  CHECK(shown(due(strict, {"04:00", "04:00:02", "01:00"})) ==
        "missed 1 04:00:00-04:00:00, next 05:00:00");
}

TEST_CASE("the reason says how many, since when and why") {
  model::Schedule schedule = every("1h", "none");
  CHECK(due(schedule, {"04:00", "04:30", "04:30"}).missed->reason ==
        "no worker ran at the time, and catch-up is none");
  CHECK(due(schedule, {"01:00", "04:30", "04:30"}).missed->reason ==
        "4 firings since 2026-05-04 01:00:00: no worker ran at the time, and catch-up is none");
  schedule.grace = 10min;
  CHECK(due(schedule, {"04:00", "04:30", "04:30"}).missed->reason == "later than its grace of 10m");
}

TEST_CASE("what is left of a count bounds what fires, the oldest first") {
  const Asked asked = {"01:00", "04:30", "04:30"};
  CHECK(shown(due(every("1h", "all"), asked, 2)) == "late 01:00:00, late 02:00:00, next 03:00:00");
  CHECK(shown(due(every("1h", "last"), asked, 1)) ==
        "missed 3 01:00:00-03:00:00, late 04:00:00, next 05:00:00");
  CHECK(due(every("1h", "all"), asked, 0).firings.empty());
}

TEST_CASE("a thousand fire at once, the rest next time, and none is passed over") {
  const model::Schedule schedule = every("1s", "all");
  const rules::Due first = due(schedule, {"01:00", "02:00", "02:00"});
  CHECK(!first.missed);
  REQUIRE(first.firings.size() == 1000);
  CHECK(clock_of(first.firings.back().nominal_at) == "01:16:39");
  REQUIRE(first.next);
  CHECK(clock_of(*first.next) == "01:16:40");
  const rules::Due then = due(schedule, {"01:16:40", "02:00", "02:00"});
  CHECK(!then.missed);
  CHECK(clock_of(then.firings.front().nominal_at) == "01:16:40");
  const rules::Due capped = due(every("1s", "all:1500"), {"01:00", "02:00", "02:00"});
  REQUIRE(capped.missed);
  CHECK(capped.missed->count == 3600 - 1500);
  CHECK(clock_of(capped.firings.front().nominal_at) == "01:35:00");
}

TEST_CASE("of a year by the second the first million are counted, and the newest is known") {
  const model::Schedule schedule = every("1s");
  const auto table = rules::read_timetable(schedule, "task").value().table;
  const Instant now = at("00:00") + 24h * 365;
  const rules::Due found = rules::due(table, schedule, at("00:00"), now, now, {});
  REQUIRE(found.missed);
  CHECK(found.missed->more);
  CHECK(found.missed->count == 1'000'000);
  CHECK(found.missed->first == at("00:00"));
  CHECK(found.missed->last == now - 1s);
  CHECK(found.missed->reason.starts_with("more than 1000000 firings since "));
  REQUIRE(found.firings.size() == 1);
  CHECK(found.firings[0].nominal_at == now);
  CHECK(found.next == now + 1s);
}

TEST_CASE("a clock that was set back waits for the moment to come") {
  CHECK(shown(due(every("1h"), {"05:00", "03:30", "03:30"})) == "next 05:00:00");
}
