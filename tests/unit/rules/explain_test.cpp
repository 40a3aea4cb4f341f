#include "rules/explain.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

using namespace sched;
using namespace std::chrono_literals;
using model::RunState;
using Kind = rules::Obstacle::Kind;

namespace {

const time::Instant k_now = time::from_ms(1'800'000'000'000);

/// A run that waits for nothing but a worker that is about to take it.
rules::ExplainFacts ready() {
  rules::ExplainFacts facts;
  facts.task = "report";
  facts.now = k_now;
  facts.workers = 1;
  facts.slots = 4;
  facts.run.emplace();
  facts.run->id = model::RunId(17);
  facts.run->state = RunState::queued;
  facts.run->not_before = k_now - 1min;
  return facts;
}

rules::EdgeFact edge(const char* task, RunState state) {
  rules::EdgeFact fact;
  fact.task = task;
  fact.run = model::RunId(9);
  fact.state = state;
  return fact;
}

rules::EdgeFact ended(const char* task, model::Outcome outcome) {
  rules::EdgeFact fact = edge(task, RunState::finished);
  fact.outcome = outcome;
  return fact;
}

}  // namespace

TEST_CASE("every obstacle says what it is and what takes it away") {
  struct Row {
    const char* name;
    std::function<void(rules::ExplainFacts&)> change;
    std::vector<Kind> kinds;
    const char* what;
    const char* remove;
  };
  const std::vector<Row> rows = {
      {"room", [](auto&) {}, {Kind::starting}, "about to start", "nothing to do"},
      {"no worker", [](auto& f) { f.workers = 0; }, {Kind::no_worker}, "no worker", "sched run"},
      {"held by a bound",
       [](auto& f) {
         f.run->state = RunState::held;
         f.run->reason = "max-fails 2 of the tag mp3 reached: a, b failed";
       },
       {Kind::held},
       "it is held: max-fails 2 of the tag mp3 reached: a, b failed",
       "sched release run-17"},
      {"a fallback runs in the place of what it comes after",
       [](auto& f) {
         f.run->state = RunState::waiting;
         f.edges = {edge("build", RunState::running)};
         f.edges.front().in_place = "rescue";
       },
       {Kind::upstream},
       "comes after build:success, in whose place rescue is running",
       "sched logs -f rescue"},
      {"a fallback failed too",
       [](auto& f) {
         f.run->state = RunState::waiting;
         f.edges = {ended("build", model::Outcome::failed)};
         f.edges.front().in_place = "rescue";
       },
       {Kind::upstream_refused},
       "comes after build:success, in whose place rescue failed",
       "sched retry --downstream run-9"},
      {"no slot",
       [](auto& f) {
         f.running = 4;
         f.queued_ahead = 12;
       },
       {Kind::slots},
       "all 4 slots of the workers are taken, and 12 queued runs of its queue go first",
       "--priority"},
      {"queue paused",
       [](auto& f) {
         f.queue.name = "night";
         f.queue.state = model::QueueState::paused;
       },
       {Kind::queue_paused},
       "the queue night is paused",
       "sched queue resume night"},
      {"queue full",
       [](auto& f) {
         f.queue.name = "night";
         f.queue.slots = 2;
         f.queue_running = 2;
         f.queued_ahead = 1;
       },
       {Kind::queue_slots},
       "the queue night runs 2 of at most 2, and 1 queued run of its queue goes first",
       "sched queue edit night --slots N"},
      {"resource taken",
       [](auto& f) {
         f.shortages = {{"licence", false, 2000, 500, 3000}};
       },
       {Kind::resource},
       "needs 2 of licence; 0.5 of 3 are free",
       "sched resource edit licence N"},
      {"kept for another",
       [](auto& f) {
         f.kept_for = {model::RunId(7), f.now + 90s};
         f.forecast.emplace();
         f.forecast->since = f.now;
       },
       {Kind::kept, Kind::expected},
       "what it needs is kept for run-7, which is expected to start in 1m30s",
       "--backfill eager"},
      {"more than there is",
       [](auto& f) {
         f.shortages = {{"licence", false, 4000, 3000, 3000}};
       },
       {Kind::resource},
       "needs 4 of licence, and there are 3 in all",
       "sched resource edit licence 4"},
      {"lock taken",
       [](auto& f) {
         f.shortages = {{"db", true}};
       },
       {Kind::resource},
       "another run holds the lock db",
       "sched resource list"},
      {"held",
       [](auto& f) { f.run->state = RunState::held; },
       {Kind::held},
       "holds it",
       "sched release run-17"},
      {"paused",
       [](auto& f) {
         f.run->state = RunState::waiting;
         f.paused = true;
       },
       {Kind::paused},
       "report is paused",
       "sched resume report"},
      {"moment",
       [](auto& f) {
         f.run->state = RunState::waiting;
         f.run->not_before = k_now + 90min;
       },
       {Kind::moment},
       "in 1h30m",
       "sched start report"},
      {"retry",
       [](auto& f) {
         f.run->state = RunState::waiting;
         f.run->not_before = k_now + 30s;
         f.run->attempts = 2;
         f.retries = 3;
       },
       {Kind::retry},
       "attempt 3 of 4 comes at",
       "sched show run-17"},
      {"running upstream",
       [](auto& f) {
         f.run->state = RunState::waiting;
         f.edges = {edge("fetch", RunState::running)};
       },
       {Kind::upstream},
       "comes after fetch:success, which is running",
       "sched logs -f fetch"},
      {"held upstream",
       [](auto& f) {
         f.run->state = RunState::waiting;
         f.edges = {edge("fetch", RunState::held)};
       },
       {Kind::upstream},
       "which is held",
       "sched release run-9"},
      {"upstream behind another",
       [](auto& f) {
         f.run->state = RunState::waiting;
         f.edges = {edge("clean", RunState::waiting)};
         f.edges[0].first_of_all = "fetch";
         f.edges[0].first_state = RunState::queued;
       },
       {Kind::upstream},
       "first of all for fetch, which is queued",
       "sched explain fetch"},
      {"upstream without a run",
       [](auto& f) {
         f.run->state = RunState::waiting;
         f.edges = {edge("nightly", RunState::waiting)};
         f.edges[0].run.reset();
         f.edges[0].state.reset();
       },
       {Kind::upstream_not_fired},
       "has no run yet",
       "sched start nightly"},
      {"refused edge while another may still do",
       [](auto& f) {
         f.run->state = RunState::waiting;
         f.join = {model::Join::Kind::any, 0};
         f.edges = {ended("one", model::Outcome::failed), edge("two", RunState::running)};
       },
       {Kind::upstream, Kind::upstream_refused},
       "comes after two",
       "sched logs -f two"},
      {"an open edge that the join does not need",
       [](auto& f) {
         f.run->state = RunState::waiting;
         f.join = {model::Join::Kind::any, 0};
         f.edges = {ended("one", model::Outcome::succeeded), edge("two", RunState::running)};
       },
       {Kind::starting},
       "about to start",
       "nothing"},
      {"several at once",
       [](auto& f) {
         f.run->state = RunState::held;
         f.paused = true;
         f.workers = 0;
         f.edges = {edge("fetch", RunState::running)};
       },
       {Kind::held, Kind::paused, Kind::upstream, Kind::no_worker},
       "holds it",
       "sched release run-17"},
      {"running",
       [](auto& f) {
         f.run->state = RunState::running;
         f.run->attempts = 2;
         f.run->started_at = k_now - 200s;
       },
       {Kind::running},
       "attempt 2 has been running for 3m20s",
       "sched logs -f run-17"},
      {"failed",
       [](auto& f) {
         f.run->state = RunState::finished;
         f.run->outcome = model::Outcome::failed;
         f.run->reason = "exit 3";
       },
       {Kind::finished},
       "it failed: exit 3",
       "sched retry run-17"},
      {"skipped",
       [](auto& f) {
         f.run->state = RunState::finished;
         f.run->outcome = model::Outcome::skipped;
         f.edges = {ended("fetch", model::Outcome::failed)};
       },
       {Kind::finished},
       "it was skipped",
       "sched retry --downstream run-9"},
      {"succeeded",
       [](auto& f) {
         f.run->state = RunState::finished;
         f.run->outcome = model::Outcome::succeeded;
       },
       {Kind::finished},
       "it succeeded",
       "sched start report"},
      {"no run",
       [](auto& f) { f.run.reset(); },
       {Kind::no_run},
       "no run yet",
       "sched start report"}};
  for (const Row& row : rows) {
    CAPTURE(row.name);
    rules::ExplainFacts facts = ready();
    row.change(facts);
    const auto found = rules::explain(facts);
    std::vector<Kind> kinds;
    for (const rules::Obstacle& obstacle : found) {
      kinds.push_back(obstacle.kind);
      CHECK_FALSE(obstacle.what.empty());
      CHECK_FALSE(obstacle.remove.empty());
    }
    CHECK(kinds == row.kinds);
    REQUIRE_FALSE(found.empty());
    CAPTURE(found[0].what);
    CHECK(found[0].what.find(row.what) != std::string::npos);
    CAPTURE(found[0].remove);
    CHECK(found[0].remove.find(row.remove) != std::string::npos);
  }
}
