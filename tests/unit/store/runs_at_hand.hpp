#pragma once

#include "store/runs.hpp"
#include "support/endings.hpp"
#include "support/scene.hpp"
#include "worker/line.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <string>

namespace sched::test {

using model::Outcome;
using model::RunState;

constexpr std::int64_t k_token = 4711;

struct Bench : test::Scene {
  model::TaskId task = add(test::task_named("job"));
  model::LauncherId launcher = store.launchers().add("boot", 1, now());
  int made = 0;

  model::RunId fresh() {
    model::Run run;
    run.task = task;
    run.trigger = "once";
    run.nominal_at = now() + std::chrono::milliseconds(++made);
    run.not_before = now();
    run.created_at = now();
    return store.runs().add(run).value();
  }
  model::Claim claim(model::RunId run, int attempt = 1) { return {run, attempt, k_token}; }
  /// A run that came to this state by the ways that are legal.
  model::RunId in(RunState state) {
    const model::RunId run = fresh();
    auto& runs = store.runs();
    if (state == RunState::held) {
      REQUIRE(runs.hold(run));
    } else if (state != RunState::waiting) {
      enqueue(run);
      if (state != RunState::queued) {
        REQUIRE(runs.start(run, 1, 0, now()));
        store.attempts().add(claim(run), launcher, now());
        if (state == RunState::finished) {
          REQUIRE(runs.finish(claim(run), Outcome::failed, 3, "exit 3", now()));
        }
      }
    }
    REQUIRE(store.runs().run(run).state == state);
    return run;
  }
  void enqueue(model::RunId run) {
    REQUIRE(store.runs().wait(run, now(), {}));
    CHECK(worker::line_up_due(store, now(), 1) == 1);
  }
};

}  // namespace sched::test
