#include "unit/store/runs_at_hand.hpp"

using namespace sched;
using namespace std::chrono_literals;
using model::Outcome;
using model::RunState;
using namespace sched::test;

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
    return worker::line_up_due(bench.store, now, 100) == 1;
  };
  const std::vector<Move> moves = {
      {"enqueue", RunState::queued, {RunState::waiting}, enqueue},
      {"enqueue one",
       RunState::queued,
       {RunState::waiting},
       [&](model::RunId run) { return runs.enqueue(run, model::k_default_lane, 1); }},
      {"start",
       RunState::running,
       {RunState::queued},
       [&](model::RunId run) { return runs.start(run, 1, 0, now); }},
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
       [&](model::RunId run) { return runs.request_cancel(run, "cancelled by a person"); }},
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
  CHECK_FALSE(bench.store.runs().start(run, 2, 0, bench.now()));
  CHECK_FALSE(bench.store.runs().start(run, 0, 0, bench.now()));
  CHECK(bench.store.runs().start(run, 1, 0, bench.now()));
  CHECK_FALSE(bench.store.runs().start(run, 2, 0, bench.now()));
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
