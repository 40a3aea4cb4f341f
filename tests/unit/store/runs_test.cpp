#include "store/runs.hpp"

#include "support/endings.hpp"
#include "support/scene.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <string>

using namespace sched;
using namespace std::chrono_literals;
using model::Outcome;
using model::RunState;

namespace {

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
        REQUIRE(runs.start(run, 1, now()));
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
    CHECK(store.runs().enqueue_due(now(), 1) == 1);
  }
};

}  // namespace

TEST_CASE("every move begins and ends where the table of states says, and nowhere else") {
  Bench bench;
  auto& runs = bench.store.runs();
  const time::Instant now = bench.now();
  struct Move {
    const char* name;
    RunState to;
    std::vector<RunState> from;
    std::function<bool(model::RunId)> act;
  };
  const auto enqueue = [&](model::RunId run) {
    const RunState before = runs.run(run).state;
    if (before == RunState::waiting) {
      bench.store.db().execute("UPDATE runs SET due_at_ms = 1 WHERE id = " +
                               std::to_string(run.value));
    }
    return runs.enqueue_due(now, 100) == 1;
  };
  const std::vector<Move> moves = {
      {"enqueue", RunState::queued, {RunState::waiting}, enqueue},
      {"enqueue one",
       RunState::queued,
       {RunState::waiting},
       [&](model::RunId run) { return runs.enqueue(run); }},
      {"start",
       RunState::running,
       {RunState::queued},
       [&](model::RunId run) { return runs.start(run, 1, now); }},
      {"hold",
       RunState::held,
       {RunState::waiting, RunState::queued},
       [&](model::RunId run) { return runs.hold(run); }},
      {"wait",
       RunState::waiting,
       {RunState::waiting, RunState::queued, RunState::held},
       [&](model::RunId run) { return runs.wait(run, std::nullopt, "why"); }},
      {"finish_unstarted",
       RunState::finished,
       {RunState::waiting, RunState::queued, RunState::held},
       [&](model::RunId run) { return runs.finish_unstarted(run, Outcome::skipped, "why", now); }},
      {"finish",
       RunState::finished,
       {RunState::running},
       [&](model::RunId run) {
         return runs.finish(bench.claim(run), Outcome::succeeded, 0, "exit 0", now);
       }},
      {"retry",
       RunState::waiting,
       {RunState::running},
       [&](model::RunId run) { return runs.retry(bench.claim(run), now + 1s, 3, "why", false); }},
      {"hand_back",
       RunState::queued,
       {RunState::running},
       [&](model::RunId run) { return runs.hand_back(bench.claim(run), false); }},
      {"hand_back while paused",
       RunState::waiting,
       {RunState::running},
       [&](model::RunId run) { return runs.hand_back(bench.claim(run), true); }},
      {"reopen",
       RunState::waiting,
       {RunState::finished},
       [&](model::RunId run) { return runs.reopen(run, std::nullopt, now); }},
      {"request_cancel",
       RunState::running,
       {RunState::running},
       [&](model::RunId run) { return runs.request_cancel(run); }},
  };
  for (const Move& move : moves) {
    for (const RunState from : model::all_run_states()) {
      CAPTURE(move.name);
      CAPTURE(model::to_string(from));
      const model::RunId run = bench.in(from);
      const bool legal = std::find(move.from.begin(), move.from.end(), from) != move.from.end();
      CHECK(move.act(run) == legal);
      const RunState after = runs.run(run).state;
      CHECK(after == (legal ? move.to : from));
      CHECK((after == from || model::may_move(from, after)));
      bench.store.db().execute("DELETE FROM runs");
    }
  }
}

TEST_CASE("an end, a retry and a return are guarded by the attempt") {
  Bench bench;
  auto& runs = bench.store.runs();
  const model::RunId run = bench.in(RunState::running);
  for (const int attempt : {0, 2}) {
    const model::Claim stale = bench.claim(run, attempt);
    CHECK_FALSE(runs.finish(stale, Outcome::succeeded, 0, "exit 0", bench.now()));
    CHECK_FALSE(runs.retry(stale, bench.now(), 0, "why", false));
    CHECK_FALSE(runs.hand_back(stale, false));
  }
  CHECK(runs.run(run).state == RunState::running);
}

TEST_CASE("an attempt starts once: the number must be the next") {
  Bench bench;
  const model::RunId run = bench.in(RunState::queued);
  CHECK_FALSE(bench.store.runs().start(run, 2, bench.now()));
  CHECK_FALSE(bench.store.runs().start(run, 0, bench.now()));
  CHECK(bench.store.runs().start(run, 1, bench.now()));
  CHECK_FALSE(bench.store.runs().start(run, 2, bench.now()));
}

TEST_CASE("a stale token changes nothing of an attempt") {
  Bench bench;
  const model::RunId run = bench.in(RunState::running);
  model::Settlement end;
  end.ending = test::exited(0);
  for (const model::Claim& stale :
       {model::Claim{run, 1, k_token + 1}, model::Claim{run, 2, k_token},
        model::Claim{model::RunId(run.value + 1), 1, k_token}}) {
    end.claim = stale;
    CHECK_FALSE(bench.store.attempts().is_open(stale));
    CHECK_FALSE(bench.store.attempts().finish(end));
    CHECK_FALSE(bench.store.attempts().remove(stale));
  }
  end.claim = bench.claim(run);
  CHECK(bench.store.attempts().is_open(end.claim));
  CHECK(bench.store.attempts().finish(end));
  // What has ended does not end again, and is not taken back.
  CHECK_FALSE(bench.store.attempts().is_open(end.claim));
  end.attempt_outcome = Outcome::failed;
  CHECK_FALSE(bench.store.attempts().finish(end));
  CHECK_FALSE(bench.store.attempts().remove(end.claim));
  CHECK(bench.store.attempts().of_run(run).front().outcome == Outcome::succeeded);
}

TEST_CASE("all that is known of an end comes back") {
  Bench bench;
  const model::RunId run = bench.in(RunState::running);
  model::Settlement end;
  end.claim = bench.claim(run);
  end.attempt_outcome = Outcome::timed_out;
  end.attempt_reason = "time limit of 1m reached";
  end.ending = test::caused(model::Ending::Cause::timeout);
  end.ending.step = model::Ending::Step::output;
  end.ending.started_at = bench.now();
  end.ending.ended_at = bench.now() + 61s;
  end.ending.elapsed = 60s;
  end.ending.usage = {1, 2, 3, 4, 5};
  end.ending.log_bytes = 1ULL << 40U;
  end.ending.dropped_bytes = 77;
  CHECK(bench.store.attempts().open_of(bench.launcher).size() == 1);
  REQUIRE(bench.store.attempts().finish(end));
  CHECK(bench.store.attempts().open_of(bench.launcher).empty());
  const auto attempts = bench.store.attempts().of_run(run);
  REQUIRE(attempts.size() == 1);
  CHECK(attempts[0].claim == end.claim);
  CHECK(attempts[0].launcher == bench.launcher);
  CHECK(attempts[0].claimed_at == bench.now());
  CHECK(attempts[0].outcome == Outcome::timed_out);
  CHECK(attempts[0].reason == end.attempt_reason);
  REQUIRE(attempts[0].ending.has_value());
  CHECK(*attempts[0].ending == end.ending);
}

TEST_CASE("the same firing can't be written twice") {
  Bench bench;
  model::Run run;
  run.task = bench.task;
  run.trigger = "manual";
  run.nominal_at = bench.now();
  CHECK(bench.store.runs().add(run).has_value());
  CHECK_FALSE(bench.store.runs().add(run).has_value());
  run.trigger = "once";
  CHECK(bench.store.runs().add(run).has_value());
  run.nominal_at += 1ms;
  CHECK(bench.store.runs().add(run).has_value());
}

TEST_CASE("a retry by hand begins anew and remembers what was") {
  Bench bench;
  const model::RunId id = bench.in(RunState::finished);
  REQUIRE(bench.store.runs().reopen(id, bench.now(), bench.now() + 5s));
  const model::Run run = bench.store.runs().run(id);
  CHECK(run.attempts == 1);
  CHECK(run.spent_attempts == 1);
  CHECK_FALSE(run.outcome.has_value());
  CHECK_FALSE(run.exit_code.has_value());
  CHECK_FALSE(run.finished_at.has_value());
  CHECK(run.not_before == bench.now() + 5s);
  CHECK(run.due_at == bench.now());
}

TEST_CASE("the wish to cancel ends with the run that it was for") {
  Bench bench;
  auto& runs = bench.store.runs();
  const model::RunId ended = bench.in(RunState::running);
  const model::RunId returned = bench.in(RunState::running);
  for (const model::RunId run : {ended, returned}) {
    REQUIRE(runs.request_cancel(run));
    CHECK(runs.run(run).cancel_requested);
  }
  runs.finish(bench.claim(ended), Outcome::cancelled, std::nullopt, "why", bench.now());
  // Its attempt never began, so there is nothing to end.
  bench.store.attempts().remove(bench.claim(returned));
  runs.hand_back(bench.claim(returned), false);
  runs.finish_unstarted(returned, Outcome::cancelled, "why", bench.now());
  for (const model::RunId run : {ended, returned}) {
    REQUIRE(runs.reopen(run, std::nullopt, bench.now()));
    CHECK_FALSE(runs.run(run).cancel_requested);
  }
}

TEST_CASE("runs start by priority, then by age") {
  Bench bench;
  const auto low = bench.in(RunState::queued);
  const auto high = bench.in(RunState::queued);
  const auto same = bench.in(RunState::queued);
  bench.store.db().execute("UPDATE runs SET priority = 5 WHERE id = " + std::to_string(high.value));
  std::vector<model::RunId> order;
  for (const auto& queued : bench.store.runs().queued(10)) {
    order.push_back(queued.id);
  }
  CHECK(order == std::vector<model::RunId>{high, low, same});
  CHECK(bench.store.runs().queued(1).size() == 1);
  CHECK(bench.store.listing().queued_ahead(bench.store.runs().run(same)) == 2);
  CHECK(bench.store.listing().queued_ahead(bench.store.runs().run(high)) == 0);
}

TEST_CASE("what is due is moved, soonest first, and the next moment is told") {
  Bench bench;
  auto& runs = bench.store.runs();
  const auto late = bench.fresh();
  const auto soon = bench.fresh();
  const auto never = bench.fresh();
  runs.wait(late, bench.now() + 2s, {});
  runs.wait(soon, bench.now() + 1s, {});
  CHECK(runs.next_due() == bench.now() + 1s);
  CHECK(runs.enqueue_due(bench.now(), 10) == 0);
  CHECK(runs.enqueue_due(bench.now() + 5s, 1) == 1);
  CHECK(runs.run(soon).state == RunState::queued);
  CHECK(runs.run(late).state == RunState::waiting);
  CHECK(runs.enqueue_due(bench.now() + 5s, 10) == 1);
  CHECK(runs.run(never).state == RunState::waiting);
  CHECK_FALSE(runs.next_due().has_value());
}

TEST_CASE("a store is busy while something runs, may run or will be tried again") {
  struct Row {
    const char* what;
    bool busy;
    std::function<void(Bench&)> make;
  };
  for (const Row& row : std::vector<Row>{
           {"nothing", false, [](Bench&) {}},
           {"finished", false, [](Bench& b) { b.in(RunState::finished); }},
           {"held", false, [](Bench& b) { b.in(RunState::held); }},
           {"for others", false, [](Bench& b) { b.in(RunState::waiting); }},
           {"for tomorrow", false,
            [](Bench& b) { b.store.runs().wait(b.fresh(), b.now() + 24h, {}); }},
           {"due", true, [](Bench& b) { b.store.runs().wait(b.fresh(), b.now(), {}); }},
           {"queued", true, [](Bench& b) { b.in(RunState::queued); }},
           {"running", true, [](Bench& b) { b.in(RunState::running); }},
           {"a further attempt", true,
            [](Bench& b) {
              const auto run = b.in(RunState::running);
              b.store.runs().retry(b.claim(run), b.now() + 5min, 1, "why", false);
            }},
           {"no process just now", true,
            [](Bench& b) {
              const auto run = b.in(RunState::running);
              b.store.attempts().remove(b.claim(run));
              b.store.runs().hand_back(b.claim(run), false);
              b.store.runs().wait(run, b.now() + 1s, "why");
            }},
           {"a further attempt of a paused task", false,
            [](Bench& b) {
              const auto run = b.in(RunState::running);
              b.store.runs().retry(b.claim(run), b.now() + 5min, 1, "why", true);
            }},
       }) {
    CAPTURE(row.what);
    Bench bench;
    row.make(bench);
    CHECK(bench.store.runs().is_busy(bench.now()) == row.busy);
  }
}

TEST_CASE("the schema refuses a row that can't be") {
  Bench bench;
  bench.in(RunState::waiting);
  bench.in(RunState::running);
  struct Row {
    const char* state;
    const char* change;
  };
  for (const Row& row : {
           Row{"waiting", "UPDATE runs SET state = 'lost'"},
           Row{"waiting", "UPDATE runs SET state = 'finished'"},
           Row{"waiting", "UPDATE runs SET outcome = 'failed'"},
           Row{"waiting", "UPDATE runs SET state = 'finished', outcome = 'failed', reason = 'x'"},
           Row{"waiting",
               "UPDATE runs SET state = 'finished', outcome = 'failed',"
               " finished_at_ms = 1"},
           Row{"waiting",
               "UPDATE runs SET state = 'finished', outcome = 'good', reason = 'x',"
               " finished_at_ms = 1"},
           Row{"waiting", "UPDATE runs SET finished_at_ms = 1"},
           Row{"waiting", "UPDATE runs SET state = 'running'"},
           Row{"running", "UPDATE runs SET spent_attempts = attempts"},
           Row{"running", "UPDATE runs SET due_at_ms = 1"},
           Row{"waiting", "UPDATE runs SET edges_open = -1"},
           Row{"waiting", "UPDATE runs SET edges_satisfied = -1"},
           Row{"waiting", "UPDATE runs SET edges_total = 1, edges_open = 1, edges_satisfied = 1"},
           Row{"waiting", "UPDATE runs SET task_id = 99"},
           Row{"waiting", "UPDATE runs SET nominal_ms = 'noon'"},
           Row{"running", "UPDATE attempts SET outcome = 'succeeded'"},
           Row{"running", "UPDATE attempts SET kind = 'exited'"},
           Row{"running", "UPDATE attempts SET outcome = 'skipped', kind = 'exited'"},
           Row{"running", "UPDATE attempts SET outcome = 'failed', kind = 'not_begun'"},
           Row{"running", "UPDATE attempts SET number = 0"},
           Row{"running", "UPDATE attempts SET launcher_id = 99"},
           Row{"waiting", "UPDATE tasks SET trigger = 'never'"},
           Row{"waiting", "UPDATE tasks SET at_ms = NULL"},
           Row{"waiting", "UPDATE tasks SET trigger = 'manual'"},
           Row{"waiting", "UPDATE tasks SET paused = 2"},
           Row{"waiting", "UPDATE tasks SET surroundings_id = 99"},
       }) {
    CAPTURE(row.change);
    const bool of_runs = std::string(row.change).starts_with("UPDATE runs");
    CHECK_THROWS_AS(bench.store.db().execute(
                        row.change + (of_runs ? " WHERE state = '" + std::string(row.state) + "'"
                                              : std::string())),
                    base::Error);
  }
}
