#include "rules/check_schedule.hpp"

#include "time/timestamp.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace sched;
using namespace std::chrono_literals;
using model::Timer;

namespace {

const char* const k_now = "2026-11-24T12:00:00Z";

time::Instant at(const std::string& text) {
  return time::parse_moment(text, {}, "UTC").value().at;
}

rules::ScheduleFacts task(const std::string& label, const Timer& timer,
                          const std::string& zone = "UTC") {
  rules::ScheduleFacts facts;
  facts.label = label;
  facts.schedule.timers = {timer};
  facts.schedule.zone = zone;
  facts.schedule.anchor = at(k_now);
  return facts;
}

Timer cron(const char* text) {
  return {Timer::Kind::cron, text};
}

Timer every(const char* text) {
  return {Timer::Kind::every, text};
}

std::vector<rules::Finding> check(const std::vector<rules::ScheduleFacts>& tasks,
                                  const std::string& machine_zone = "UTC") {
  return rules::check_schedules(tasks, at(k_now), machine_zone);
}

/// The kinds, in their order: "gap repeated".
std::string kinds(const std::vector<rules::ScheduleFacts>& tasks,
                  const std::string& machine_zone = "UTC") {
  std::string text;
  for (const rules::Finding& finding : check(tasks, machine_zone)) {
    text += (text.empty() ? "" : " ") + finding.kind;
  }
  return text;
}

}  // namespace

TEST_CASE("what a timer says is looked at by itself") {
  struct Row {
    Timer timer;
    const char* zone;
    const char* expected;
  };
  for (const Row& row : {
           Row{cron("0 9 * * 1-5"), "UTC", ""},
           Row{cron("@reboot"), "UTC", ""},
           Row{cron("0 0 30 2 *"), "UTC", "never"},
           Row{{Timer::Kind::calendar, "2020-01-01 09:00"}, "UTC", "never"},
           Row{cron("*/100 * * * *"), "UTC", "odd"},
           Row{cron("*/15 */6 * * *"), "UTC", ""},
           Row{cron("*/7 * * * *"), "UTC", "uneven"},
           Row{cron("0 */5 * * *"), "UTC", "uneven"},
           Row{cron("*/40 */9 * * *"), "UTC", "uneven uneven"},
           Row{{Timer::Kind::cron_extended, "0 */7 * * * ?"}, "UTC", "uneven"},
           Row{{Timer::Kind::cron_extended, "*/7 */5 * * * ?"}, "UTC", ""},
           Row{cron("0 0 13 * 5"), "UTC", "either_day"},
           Row{cron("0 0 */2 * 5"), "UTC", ""},
           Row{cron("0 0 13 * *"), "UTC", ""},
           Row{cron("30 2 * * *"), "Europe/Berlin", "gap repeated"},
           Row{cron("59 1 * * *"), "Europe/Berlin", ""},
           Row{cron("0 3 * * *"), "Europe/Berlin", ""},
           Row{cron("0 2 * * *"), "Europe/Berlin", "gap repeated"},
           Row{cron("*/30 2 * * *"), "Europe/Berlin", ""},  // follows real time
           Row{cron("30 2 * 1-3 *"), "Europe/Berlin", "gap"},
           Row{cron("30 2 * * 1-5"), "Europe/Berlin", ""},
           Row{{Timer::Kind::calendar, "Sun 02:30"}, "Europe/Berlin", "gap repeated"},
           Row{every("1h"), "Europe/Berlin", ""},
           Row{cron("0 9 * * *"), "Nowhere/None", "unreadable"},
       }) {
    CAPTURE(row.timer.text);
    CHECK(kinds({task("a", row.timer, row.zone)}, row.zone) == row.expected);
  }
}

TEST_CASE("a change of clocks is told with its date and with what happens") {
  const auto findings = check({task("a", cron("30 2 * * *"), "Europe/Berlin")}, "Europe/Berlin");
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].what ==
        "2027-03-28 02:30 does not exist in Europe/Berlin, where clocks go forward: it fires at "
        "03:00 instead");
  CHECK(findings[1].what ==
        "2027-10-31 02:30 comes twice in Europe/Berlin, where clocks go back: it fires the first "
        "time only");
}

TEST_CASE("a change of clocks does not matter on a day that is left out") {
  auto facts = task("a", cron("30 2 * * *"), "Europe/Berlin");
  facts.schedule.except.expressions = {"Sun"};
  CHECK(kinds({facts}, "Europe/Berlin") == "");
  facts.schedule.except = {};
  facts.schedule.not_after = at("2027-02-01");
  CHECK(kinds({facts}, "Europe/Berlin") == "");
}

TEST_CASE("a zone is told that shows other times than the machine's") {
  struct Row {
    Timer timer;
    const char* zone;
    const char* machine;
    const char* expected;
  };
  for (const Row& row : {Row{cron("0 9 * * *"), "Asia/Tokyo", "UTC", "zone"},
                         Row{cron("0 9 * * *"), "Etc/UTC", "UTC", ""},
                         Row{cron("0 9 * * *"), "Europe/London", "UTC", "zone"},  // in summer
                         Row{cron("0 9 * * *"), "Europe/Berlin", "Europe/Paris", ""},
                         Row{{Timer::Kind::calendar, "09:00 Asia/Tokyo"}, "UTC", "UTC", "zone"},
                         Row{every("1h"), "Asia/Tokyo", "UTC", ""}}) {
    CAPTURE(row.zone);
    CHECK(kinds({task("a", row.timer, row.zone)}, row.machine) == row.expected);
  }
}

TEST_CASE("runs that outlast the time between firings are told with what becomes of them") {
  struct Row {
    Timer timer;
    model::Overlap overlap;
    std::vector<time::Duration> durations;
    const char* expected;
  };
  using model::Overlap;
  for (const Row& row :
       {Row{cron("* * * * *"), Overlap::skip, {}, ""},
        Row{cron("* * * * *"), Overlap::skip, {50s, 70s}, ""},
        Row{cron("* * * * *"), Overlap::skip, {50s, 90s}, "always_skips"},
        Row{cron("* * * * *"), Overlap::queue, {90s}, "overrun"},
        Row{cron("* * * * *"), Overlap::allow, {90s}, "overrun"},
        Row{cron("0,1 * * * *"), Overlap::skip, {90s}, "overrun"},  // the long pause follows
        Row{every("1s"), Overlap::replace, {1500ms}, "overrun"}}) {
    CAPTURE(row.timer.text);
    CAPTURE(row.durations.size());
    auto facts = task("a", row.timer);
    facts.schedule.overlap = row.overlap;
    facts.durations = row.durations;
    CHECK(kinds({facts}) == row.expected);
  }
  auto from_finish = task("a", every("1s"));
  from_finish.schedule.from_finish = true;
  from_finish.durations = {5s};
  CHECK(kinds({from_finish}) == "");
}

TEST_CASE("two long tasks that always start together are told once") {
  auto daily = task("daily", cron("0 2 * * *"));
  auto hourly = task("hourly", cron("0 * * * *"));
  daily.durations = {20s};
  hourly.durations = {30s};
  const auto findings = check({hourly, daily});
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].task == "daily");
  CHECK(findings[0].kind == "same_moment");
  CHECK(findings[0].what ==
        "always starts together with hourly, and both take long (20s and 30s on average)");
  CHECK(kinds({daily, daily}) == "same_moment");

  auto quick = hourly;
  quick.durations = {9s};
  CHECK(kinds({quick, daily}) == "");
  auto later = task("later", cron("5 2 * * *"));
  later.durations = {20s};
  CHECK(kinds({later, daily}) == "");
  auto spread = daily;
  spread.label = "spread";
  spread.schedule.jitter = 1h;
  CHECK(kinds({spread, daily}) == "");
}

TEST_CASE("lists of days are told when they have run out, changed or gone") {
  using std::chrono::local_days;
  const auto day = [](int year) { return local_days(std::chrono::year(year) / 1 / 1); };
  auto facts = task("a", cron("0 9 * * *"));
  facts.schedule.except.file = "/etc/holidays";
  facts.schedule.except.days = {day(2026), day(2027)};
  CHECK(kinds({facts}) == "");
  facts.except_file = rules::DayFile::changed;
  CHECK(kinds({facts}) == "days_changed");
  facts.except_file = rules::DayFile::gone;
  facts.schedule.except.days = {day(2026)};
  CHECK(kinds({facts}) == "days_gone days_over");

  auto only = task("a", cron("0 9 * * *"));
  only.schedule.only.file = "/etc/days";
  only.schedule.only.days = {day(2026)};
  CHECK(kinds({only}) == "days_over");  // and so it never fires, which is said there
}

TEST_CASE("a count that is spent is as it was asked for") {
  auto facts = task("a", {Timer::Kind::calendar, "2020-01-01 09:00"});
  facts.runs_left = 0;
  CHECK(kinds({facts}) == "");
}
