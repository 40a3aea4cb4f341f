#include "rules/timetable.hpp"

#include "time/timestamp.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

using namespace sched;
using namespace std::chrono_literals;
using model::Timer;

namespace {

time::Instant at(const std::string& text) {
  return time::parse_moment(text, {}, "UTC").value().at;
}

model::Schedule schedule_of(const std::vector<Timer>& timers) {
  model::Schedule schedule;
  schedule.timers = timers;
  schedule.zone = "UTC";
  return schedule;
}

time::Timetable table_of(const model::Schedule& schedule) {
  return rules::read_timetable(schedule, "task").value().table;
}

std::string next(const model::Schedule& schedule, const std::string& after) {
  const auto found = time::next_firing(table_of(schedule), at(after));
  return found ? time::to_rfc3339(*found) : "never";
}

}  // namespace

TEST_CASE("each kind of timer is read as it is meant, in the zone of the schedule") {
  struct Row {
    Timer timer;
    const char* expected;
  };
  for (const Row& row :
       {Row{{Timer::Kind::cron, "0 9 * * *"}, "2026-01-01T08:00:00Z"},
        Row{{Timer::Kind::cron_extended, "30 0 9 ? * FRI#1"}, "2026-01-02T08:00:30Z"},
        Row{{Timer::Kind::calendar, "Mon 09:00"}, "2026-01-05T08:00:00Z"},
        Row{{Timer::Kind::calendar, "Mon 09:00 Asia/Tokyo"}, "2026-01-05T00:00:00Z"},
        Row{{Timer::Kind::every, "90m"}, "2026-01-01T00:20:00Z"},
        Row{{Timer::Kind::cron, "@reboot"}, "never"}}) {
    CAPTURE(row.timer.text);
    model::Schedule schedule = schedule_of({row.timer});
    schedule.zone = "Europe/Berlin";
    schedule.anchor = at("2026-01-01T00:20:00Z");
    CHECK(next(schedule, "2026-01-01T00:00:00Z") == row.expected);
  }
}

TEST_CASE("bounds and days come along") {
  model::Schedule schedule = schedule_of({{Timer::Kind::cron, "0 9 * * *"}});
  schedule.not_before = at("2026-01-02T00:00:00Z");
  schedule.not_after = at("2026-01-06T09:00:00Z");
  schedule.except.expressions = {"Sat,Sun"};
  schedule.except.days = {std::chrono::local_days(std::chrono::year(2026) / 1 / 2)};
  CHECK(next(schedule, "2026-01-01T00:00:00Z") == "2026-01-05T09:00:00Z");
  schedule.only.expressions = {"Tue"};
  CHECK(next(schedule, "2026-01-01T00:00:00Z") == "2026-01-06T09:00:00Z");
  CHECK(next(schedule, "2026-01-06T09:00:00Z") == "never");
}

TEST_CASE("a refusal names the option and what was given to it") {
  struct Row {
    const char* what;
    model::Schedule schedule;
    const char* begins;
  };
  const Timer good = {Timer::Kind::every, "1h"};
  model::Schedule except = schedule_of({good});
  except.except.expressions = {"Sat", "Blursday"};
  model::Schedule only = schedule_of({good});
  only.only.expressions = {"13:61"};
  for (const Row& row :
       {Row{"cron", schedule_of({good, {Timer::Kind::cron, "61 * * * *"}}),
            "--cron '61 * * * *': "},
        Row{"extended", schedule_of({{Timer::Kind::cron_extended, "* *"}}), "--cron '* *': "},
        Row{"calendar", schedule_of({{Timer::Kind::calendar, "Mon 25:00"}}),
            "--calendar 'Mon 25:00': "},
        Row{"every", schedule_of({{Timer::Kind::every, "15"}}), "--every "},
        Row{"nothing", schedule_of({{Timer::Kind::every, "0s"}}),
            "--every '0s': it must be more than nothing"},
        Row{"except", except, "--except 'Blursday': "}, Row{"only", only, "--only '13:61': "}}) {
    CAPTURE(std::string(row.what));
    const auto read = rules::read_timetable(row.schedule, "task");
    REQUIRE(!read);
    CAPTURE(read.error().message());
    CHECK(read.error().message().starts_with(row.begins));
    CHECK(read.error().kind() == base::ErrorKind::invalid_input);
  }
  model::Schedule nowhere = schedule_of({good});
  nowhere.zone = "Europe/Atlantis";
  CHECK(!rules::read_timetable(nowhere, "task"));
}

TEST_CASE("what is odd about an expression is told") {
  const auto read =
      rules::read_timetable(schedule_of({{Timer::Kind::cron, "*/100 * * * *"}}), "task");
  REQUIRE(read);
  CHECK(read->warnings.size() == 1);
}

TEST_CASE("counted from the finish, the next firing is one period after it, within all bounds") {
  model::Schedule schedule = schedule_of({{Timer::Kind::every, "45m"}});
  schedule.anchor = at("2026-01-01T00:00:00Z");
  const time::Instant ended = at("2026-01-02T10:01:02Z");
  CHECK(rules::next_from_finish(table_of(schedule), ended) == ended + 45min);
  schedule.except.expressions = {"10..11:*"};
  CHECK(rules::next_from_finish(table_of(schedule), ended) == ended + 3 * 45min);
  schedule.except = {};
  schedule.not_after = ended + 44min;
  CHECK(!rules::next_from_finish(table_of(schedule), ended));
}

TEST_CASE("@reboot is found among other timers") {
  CHECK(rules::fires_at_boot(
      table_of(schedule_of({{Timer::Kind::every, "1h"}, {Timer::Kind::cron, "@reboot"}}))));
  CHECK(!rules::fires_at_boot(
      table_of(schedule_of({{Timer::Kind::every, "1h"}, {Timer::Kind::cron, "@daily"}}))));
}

TEST_CASE("jitter is the same for a name at any time, within its bounds, and differs by name") {
  CHECK(rules::jitter_of("backup", 0s) == 0s);
  CHECK(rules::jitter_of("backup", 1ms) == 0s);
  std::set<std::int64_t> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string name = "task-" + std::to_string(i);
    const time::Duration off = rules::jitter_of(name, 5min);
    CHECK(off >= 0s);
    CHECK(off < 5min);
    CHECK(off == rules::jitter_of(name, 5min));
    seen.insert(off.count() / 30'000);
  }
  CHECK(seen.size() == 10);  // Names that look alike are spread all over.
  // For ever: a new version must not move what is spread out over a cluster.
  CHECK(rules::jitter_of("backup", 5min) == 194'997ms);
}
