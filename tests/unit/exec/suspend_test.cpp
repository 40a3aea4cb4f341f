#include "unit/exec/harness.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace sched;
using namespace sched::test;
using namespace std::chrono_literals;
using Cause = model::Ending::Cause;
using Kind = model::Ending::Kind;

namespace {

/// The states of the living processes that carry the mark of a run, sorted: "STT".
std::string states_of(const std::filesystem::path& store, std::int64_t run) {
  std::string states;
  for (const pid_t pid : os::all_processes()) {
    const auto stat = os::process_stat(pid);
    const auto mark = exec::read_mark(pid, store.string());
    if (stat.has_value() && !stat->dead() && mark.has_value() && mark->run.value == run) {
      states += stat->state == 'T' ? 'T' : 'g';
    }
  }
  std::sort(states.begin(), states.end());
  return states;
}

}  // namespace

TEST_CASE("all processes of an attempt are stopped, wherever they hide, and go on") {
  Harness harness;
  struct Row {
    const char* what;
    const char* text;
    int processes;
    bool contain;
  };
  for (const Row& row :
       {Row{"one", "exec sleep 600", 1, false},
        Row{"below each other", "sleep 600 & wait", 2, false},
        Row{"a session of its own", "setsid sleep 600 & sleep 600 & wait", 3, false},
        Row{"an orphan", "(setsid sleep 600 &) ; exec sleep 600", 2, false},
        Row{"contained", "(setsid sleep 600 &) ; exec sleep 600", 2, true}}) {
    CAPTURE(row.what);
    static std::int64_t run = 0;
    exec::Launch launch = shell(harness.store.path(), ++run, row.text);
    launch.contain = row.contain;
    const auto all = static_cast<std::size_t>(row.processes);
    const auto states = [&] { return states_of(harness.store.path(), run); };
    harness.executor.start({launch}, 64);
    REQUIRE(eventually([&] { return states() == std::string(all, 'g'); }));
    harness.executor.suspend(launch.claim);
    CHECK(eventually([&] { return states() == std::string(all, 'T'); }));
    harness.executor.suspend(launch.claim);
    harness.executor.resume(launch.claim);
    CHECK(eventually([&] { return states() == std::string(all, 'g'); }));
    harness.executor.resume(launch.claim);
    harness.executor.cancel(launch.claim, Cause::cancelled);
    CHECK(wait_for(harness.executor, 1).size() == 1);
    CHECK(eventually([&] { return states().empty(); }));
  }
}

TEST_CASE("what stopped itself before is left as it was") {
  Harness harness;
  exec::Launch launch = shell(harness.store.path(), 1, "sh -c 'kill -STOP $$' & exec sleep 600");
  const auto states = [&] { return states_of(harness.store.path(), 1); };
  harness.executor.start({launch}, 64);
  REQUIRE(eventually([&] { return states() == "Tg"; }));
  harness.executor.suspend(launch.claim);
  CHECK(eventually([&] { return states() == "TT"; }));
  harness.executor.resume(launch.claim);
  CHECK(eventually([&] { return states() == "Tg"; }));
  harness.executor.cancel(launch.claim, Cause::cancelled);
  CHECK(wait_for(harness.executor, 1).size() == 1);
}

TEST_CASE(
    "no time limit and no count of time goes on while it is suspended, but its deadline does") {
  Harness harness;
  struct Row {
    const char* what;
    time::Duration exec::Launch::*limit;
    bool stands_still;
  };
  for (const Row& row : {Row{"timeout", &exec::Launch::timeout, true},
                         Row{"without output", &exec::Launch::idle_timeout, true},
                         Row{"deadline", &exec::Launch::until_deadline, false}}) {
    CAPTURE(row.what);
    static std::int64_t run = 0;
    exec::Launch launch = shell(harness.store.path(), ++run, "exec sleep 600");
    launch.*row.limit = 400ms;
    harness.executor.start({launch}, 64);
    REQUIRE(eventually([&] { return marked_processes(harness.store.path(), run) == 1; }));
    harness.executor.suspend(launch.claim);
    const time::Duration suspended = os::monotonic_now();
    auto ends = wait_for(harness.executor, 1, 1200ms);
    CHECK(ends.empty() == row.stands_still);
    if (ends.empty()) {
      harness.executor.resume(launch.claim);
      ends = wait_for(harness.executor, 1);
      CHECK(os::monotonic_now() - suspended >= 1200ms);
    }
    REQUIRE(ends.size() == 1);
    const model::Ending& ending = ends.begin()->second;
    CHECK(ending.cause ==
          (row.limit == &exec::Launch::idle_timeout ? Cause::idle_timeout : Cause::timeout));
    CHECK(ending.elapsed < 1200ms);
  }
}

TEST_CASE("one that is suspended hears SIGTERM, and can be killed") {
  Harness harness;
  exec::Launch launch =
      shell(harness.store.path(), 1, "trap 'echo bye; exit 7' TERM; echo here; sleep 600 & wait");
  harness.executor.start({launch}, 64);
  REQUIRE(eventually(
      [&] { return harness.output(1) == "here\n" && states_of(harness.store.path(), 1) == "gg"; }));
  harness.executor.suspend(launch.claim);
  REQUIRE(eventually([&] { return states_of(harness.store.path(), 1) == "TT"; }));
  harness.executor.cancel(launch.claim, Cause::cancelled);
  const auto ends = wait_for(harness.executor, 1);
  REQUIRE(ends.size() == 1);
  CHECK(ends.begin()->second.kind == Kind::exited);
  CHECK(ends.begin()->second.code == 7);
  CHECK(harness.output(1) == "here\nbye\n");
}

TEST_CASE("the slot of one that is suspended is for the next") {
  Harness harness;
  const exec::Launch first = shell(harness.store.path(), 1, "exec sleep 600");
  const exec::Launch second = shell(harness.store.path(), 2, "exec sleep 600");
  harness.executor.start({first}, 1);
  REQUIRE(eventually([&] { return marked_processes(harness.store.path(), 1) == 1; }));
  harness.executor.suspend(first.claim);
  harness.executor.start({second}, 1);
  CHECK(eventually([&] { return states_of(harness.store.path(), 2) == "g"; }));
  CHECK(eventually([&] { return states_of(harness.store.path(), 1) == "T"; }));
  harness.executor.cancel(first.claim, Cause::cancelled);
  harness.executor.cancel(second.claim, Cause::cancelled);
  CHECK(wait_for(harness.executor, 2).size() == 2);
}
