#include "unit/store/runs_at_hand.hpp"

#include <tuple>

using namespace sched;
using namespace std::chrono_literals;
using model::Outcome;
using model::RunState;
using namespace sched::test;

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
    REQUIRE(runs.request_cancel(run, "cancelled by a person"));
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

TEST_CASE("runs start by rank, then by their number, and each lane by itself") {
  Bench bench;
  auto& runs = bench.store.runs();
  const auto low = bench.fresh();
  const auto high = bench.fresh();
  const auto same = bench.fresh();
  const auto elsewhere = bench.fresh();
  const model::LaneId other = bench.store.lanes().with(model::k_default_queue, "cpu=1;", "", "");
  for (const auto& [run, lane, rank] : {std::tuple{low, model::k_default_lane, 7},
                                        {high, model::k_default_lane, -5},
                                        {same, model::k_default_lane, 7},
                                        {elsewhere, other, 0}}) {
    REQUIRE(runs.enqueue(run, lane, rank));
  }
  std::vector<model::RunId> order;
  for (const auto& queued : runs.queued(model::k_default_lane, 10)) {
    order.push_back(queued.id);
  }
  CHECK(order == std::vector<model::RunId>{high, low, same});
  CHECK(runs.queued(model::k_default_lane, 1).size() == 1);
  CHECK(runs.queued(other, 10).size() == 1);
  CHECK(bench.store.listing().queued_ahead(runs.run(same)) == 3);
  CHECK(bench.store.listing().queued_ahead(runs.run(high)) == 0);
  REQUIRE(runs.move_in_line(same, model::k_default_lane, -9));
  CHECK(runs.queued(model::k_default_lane, 1).front().id == same);
}

TEST_CASE("a lane goes once nothing is in it, but for that of its queue") {
  Bench bench;
  auto& lanes = bench.store.lanes();
  const model::LaneId lane = lanes.with(model::k_default_queue, "cpu=1;", "", "");
  CHECK(lanes.with(model::k_default_queue, "cpu=1;", "", "") == lane);
  const auto run = bench.fresh();
  REQUIRE(bench.store.runs().enqueue(run, lane, 0));
  lanes.remove_empty();
  CHECK(lanes.all().size() == 2);
  REQUIRE(bench.store.runs().start(run, 1, 0, bench.now()));
  lanes.remove_empty();
  REQUIRE(lanes.all().size() == 2);
  CHECK(lanes.loads(bench.now()).front().runs == 1);
  bench.store.attempts().add(bench.claim(run), bench.launcher, bench.now());
  REQUIRE(bench.store.runs().finish(bench.claim(run), Outcome::succeeded, 0, "", bench.now()));
  lanes.remove_empty();
  CHECK(lanes.all().size() == 1);
  // Its number is not given again: runs that are over still have it.
  CHECK(lanes.with(model::k_default_queue, "cpu=1;", "", "") != lane);
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
  CHECK(worker::line_up_due(bench.store, bench.now(), 10) == 0);
  CHECK(worker::line_up_due(bench.store, bench.now() + 5s, 1) == 1);
  CHECK(runs.run(soon).state == RunState::queued);
  CHECK(runs.run(late).state == RunState::waiting);
  CHECK(worker::line_up_due(bench.store, bench.now() + 5s, 10) == 1);
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
           {"queued, which is for those to say who know of room", false,
            [](Bench& b) { b.in(RunState::queued); }},
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
           Row{"running", "UPDATE attempts SET slot = 0"},
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
