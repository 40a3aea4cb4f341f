#pragma once

#include "support/endings.hpp"
#include "support/fake_executor.hpp"
#include "support/recording_observer.hpp"
#include "support/scene.hpp"
#include "worker/recover.hpp"
#include "worker/worker.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <vector>

namespace sched::test {

using model::RunId;

using Lines = std::vector<std::string>;

/// A worker with its executor, and a store to work on.
struct Shop : test::Scene {
  test::FakeExecutor executor;
  test::RecordingObserver observer;
  std::int64_t last_token = 0;
  worker::Worker worker;
  model::LauncherId launcher = store.launchers().add("this boot", 1, now());

  explicit Shop(int slots = 2)
      : worker(store, executor, observer, slots, [this] { return ++last_token; }) {
    worker.use_launcher(launcher);
  }
  void step() { worker.step(now()); }
  void task(const std::string& name, int priority, const std::string& retries = "0") {
    model::Task made = test::task_named(name);
    made.priority = priority;
    made.retry.retries = std::stoi(retries);
    made.retry.backoff = model::parse_backoff("fixed:30s").value();
    first_run(add(made));
  }
  using test::Scene::task;
  model::Claim claim(const std::string& name) {
    const RunId id = store.runs().newest_of(task(name).id)->id;
    for (const store::RunningRun& run : store.runs().running()) {
      if (run.claim.run == id) {
        return run.claim;
      }
    }
    throw std::runtime_error(name + " does not run");
  }
  void end(const std::string& name, const model::Ending& ending = test::exited(0)) {
    executor.end(claim(name), ending);
  }
  /// The names of what was handed to the executor, in order.
  Lines started() {
    Lines names;
    for (const exec::Launch& launch : executor.started) {
      names.push_back(store.tasks().label(store.runs().run(launch.claim.run).task));
    }
    return names;
  }
  int attempts(const std::string& name) {
    return static_cast<int>(store.attempts().of_run(run(name).id).size());
  }
  void refuse_writes(bool refuse) {
    store.db().execute(refuse ? "PRAGMA query_only=1" : "PRAGMA query_only=0");
  }
};

}  // namespace sched::test
