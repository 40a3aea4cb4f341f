#pragma once

#include "rules/timetable.hpp"
#include "time/timestamp.hpp"
#include "unit/worker/worker_at_hand.hpp"
#include "worker/timed.hpp"

#include <optional>
#include <string>

namespace sched::test {

using namespace std::chrono_literals;

/// A shop with tasks that fire by the clock, which stands at 08:00 UTC.
struct TimedShop : Shop {
  using Shop::Shop;

  /// A task that fires every `period`, first one period from now; `change` says what is special.
  template <typename Change>
  model::TaskId every(const std::string& name, const std::string& period, const Change& change) {
    model::Task made = test::task_named(name);
    made.trigger = model::TriggerKind::timed;
    made.at.reset();
    model::Schedule& schedule = made.schedule.emplace();
    schedule.timers = {{model::Timer::Kind::every, period}};
    schedule.zone = "UTC";
    schedule.anchor = now();
    change(schedule);
    made.runs_left = schedule.count;
    const auto table = rules::read_timetable(schedule, name).value().table;
    made.next_at = time::next_firing(table, now());
    if (rules::fires_at_boot(table)) {
      made.boot_id = "boot 1";
    }
    return add(made);
  }
  model::TaskId every(const std::string& name, const std::string& period) {
    return every(name, period, [](model::Schedule&) {});
  }
  void pass(time::Duration duration) {
    clock.pass(duration);
    step();
  }
  void boot(const std::string& id) {
    store::Transaction change(store.db());
    worker::fire_at_boot(store, id, now());
    change.commit();
  }
  void pause(const std::string& name, bool paused) {
    store::Transaction change(store.db());
    if (!paused) {
      worker::pass_over(store, task(name), "the task was paused", now());
    }
    store.tasks().set_paused(task(name).id, paused);
    change.commit();
  }
  void end_run(RunId run, const model::Ending& ending = test::exited(0)) {
    for (const store::RunningRun& running : store.runs().running()) {
      if (running.claim.run == run) {
        executor.end(running.claim, ending);
      }
    }
  }
  /// The only one of a task that is running.
  RunId running(const std::string& name) {
    RunId found;
    for (const model::Run& run : runs(name)) {
      if (run.state == model::RunState::running) {
        REQUIRE(!found);
        found = run.id;
      }
    }
    REQUIRE(found);
    return found;
  }

  /// Every row of a task, oldest first: "08:01 running", "08:05 finished: missed x4".
  Lines rows(const std::string& name) {
    Lines lines;
    for (const model::Run& run : runs(name)) {
      lines.push_back(time::to_local(run.nominal_at, "UTC").substr(11, 5) + " " + state_of(run) +
                      (run.firings > 1 ? " x" + std::to_string(run.firings) : ""));
    }
    return lines;
  }
};

inline auto overlap(model::Overlap overlap) {
  return [overlap](model::Schedule& schedule) { schedule.overlap = overlap; };
}

/// Another worker on the same store, as after the end of the first or beside it.
struct Colleague {
  FakeExecutor executor;
  RecordingObserver observer;
  std::int64_t token = 1'000'000;
  worker::Worker worker;
  explicit Colleague(Shop& shop, int slots = 2)
      : worker(shop.store, executor, observer, slots, [this] { return ++token; }) {
    worker.use_launcher(shop.store.launchers().add("this boot", 2, shop.now()));
  }
};

}  // namespace sched::test
