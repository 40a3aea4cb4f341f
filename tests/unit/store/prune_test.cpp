#include "store/prune.hpp"

#include "store/short_reads.hpp"
#include "support/scene.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

using namespace sched;

namespace {

constexpr auto k_hour = std::chrono::hours(1);

void finish(test::Scene& scene, const std::string& name, model::Outcome outcome) {
  store::Transaction change(scene.store.db());
  REQUIRE(
      scene.store.runs().finish_unstarted(scene.run(name).id, outcome, "by the test", scene.now()));
  change.commit();
}

/// All that has ended by now is old.
std::vector<store::PruneUnit> plan(test::Scene& scene) {
  store::PruneBounds bounds;
  bounds.finished_before = scene.now() + k_hour;
  return store::plan_prune(scene.store, bounds, {}).units;
}

std::vector<std::string> labels(const std::vector<store::PruneUnit>& units) {
  std::vector<std::string> found;
  for (const store::PruneUnit& unit : units) {
    for (const store::PrunedRun& run : unit.runs) {
      found.push_back(run.label);
    }
  }
  return found;
}

int prune(test::Scene& scene, const std::vector<store::PruneUnit>& units) {
  int gone = 0;
  store::prune(scene.store, units,
               [&](const auto& removed) { gone += static_cast<int>(removed.size()); });
  return gone;
}

}  // namespace

TEST_CASE("what comes after goes first, and all of a chain in the end") {
  test::Scene scene;
  scene.once("a");
  scene.once("b", {"a:done"});
  scene.once("c", {"b:done", "a:done"});
  for (const char* name : {"a", "b", "c"}) {
    finish(scene, name, model::Outcome::cancelled);
  }
  const auto units = plan(scene);
  CHECK(labels(units) == std::vector<std::string>{"c", "b", "a"});
  CHECK(prune(scene, units) == 3);
  CHECK(scene.store.listing().task_count() == 0);
}

TEST_CASE("one that waits keeps all above it, however far") {
  test::Scene scene;
  scene.once("a");
  scene.once("b", {"a:done"});
  scene.once("waits", {"b:done"});
  scene.once("alone");
  for (const char* name : {"a", "b", "alone"}) {
    finish(scene, name, model::Outcome::cancelled);
  }
  CHECK(labels(plan(scene)) == std::vector<std::string>{"alone"});
}

TEST_CASE("what has come to life since the plan was made stays") {
  test::Scene scene;
  scene.once("retried");
  scene.once("depended");
  scene.once("over");
  for (const char* name : {"retried", "depended", "over"}) {
    finish(scene, name, model::Outcome::cancelled);
  }
  const auto units = plan(scene);
  REQUIRE(units.size() == 3);
  {
    store::Transaction change(scene.store.db());
    REQUIRE(scene.store.runs().reopen(scene.run("retried").id, scene.now(), scene.now()));
    change.commit();
  }
  scene.once("new", {"depended:done"});
  CHECK(prune(scene, units) == 1);
  CHECK(scene.state("retried") == "ready");
  CHECK_FALSE(scene.store.tasks().find_by_name("over").has_value());
}

TEST_CASE("the size counts logs and takes no more than it must") {
  test::Scene scene;
  store::LogSizes logs;
  for (const char* name : {"first", "second", "third"}) {
    scene.once(name);
    finish(scene, name, model::Outcome::cancelled);
    logs[scene.run(name).id.value] = 1U << 20U;
    scene.clock.pass(k_hour);
  }
  store::PruneBounds bounds;
  bounds.all_bytes = 10U << 20U;
  CHECK(store::plan_prune(scene.store, bounds, logs).units.empty());
  bounds.all_bytes = 5U << 19U;
  CHECK(labels(store::plan_prune(scene.store, bounds, logs).units) ==
        std::vector<std::string>{"first"});
  bounds.all_bytes = 0;
  CHECK(store::plan_prune(scene.store, bounds, logs).units.size() == 3);
}

TEST_CASE("dead letters stay until somebody has seen to them, or says that they may go") {
  test::Scene scene;
  for (const char* name : {"dead", "seen", "well"}) {
    scene.once(name);
  }
  finish(scene, "dead", model::Outcome::lost);
  finish(scene, "seen", model::Outcome::failed);
  finish(scene, "well", model::Outcome::succeeded);
  {
    store::Transaction change(scene.store.db());
    REQUIRE(scene.store.dead_letters().resolve(scene.run("seen").id, "known", scene.now()));
    CHECK_FALSE(scene.store.dead_letters().resolve(scene.run("well").id, "?", scene.now()));
    change.commit();
  }
  store::PruneBounds bounds;
  SUBCASE("by age") {
    bounds.finished_before = scene.now() + k_hour;
  }
  SUBCASE("by size") {
    bounds.all_bytes = 0;
  }
  const auto usual = store::plan_prune(scene.store, bounds, {});
  CHECK(labels(usual.units) == std::vector<std::string>{"seen", "well"});
  CHECK(usual.dead_kept == 1);
  bounds.dead_too = true;
  const auto all = store::plan_prune(scene.store, bounds, {});
  CHECK(all.units.size() == 3);
  CHECK(all.dead_kept == 0);
  const auto one = store::plan_removal(scene.store, {scene.run("dead").id}, {});
  CHECK(labels(one.units) == std::vector<std::string>{"dead"});
}

TEST_CASE("a task stays as long as one has it as handler, and goes with the last of them") {
  test::Scene scene;
  scene.once("notify");
  scene.once("job");
  {
    store::Transaction change(scene.store.db());
    scene.store.handlers().set(scene.task("job").id, model::HandlerKind::failure,
                               {scene.task("notify").id});
    change.commit();
  }
  finish(scene, "notify", model::Outcome::succeeded);
  CHECK(plan(scene).empty());
  finish(scene, "job", model::Outcome::cancelled);
  const auto units = plan(scene);
  CHECK(labels(units) == std::vector<std::string>{"job", "notify"});
  CHECK(prune(scene, units) == 2);
  CHECK_FALSE(scene.store.handlers().any());
}

TEST_CASE("a handler that was given since the plan was made keeps its task") {
  test::Scene scene;
  scene.once("notify");
  finish(scene, "notify", model::Outcome::succeeded);
  const auto units = plan(scene);
  REQUIRE(labels(units) == std::vector<std::string>{"notify"});
  scene.once("job");
  {
    store::Transaction change(scene.store.db());
    scene.store.handlers().set(scene.task("job").id, model::HandlerKind::success,
                               {scene.task("notify").id});
    change.commit();
  }
  CHECK(prune(scene, units) == 0);
}

TEST_CASE("of a task that fires again the newest stay, in a store of more than is read at once") {
  test::Scene scene;
  scene.manual("often");
  for (int i = 0; i < 5; ++i) {
    const model::RunId run = scene.start("often");
    store::Transaction change(scene.store.db());
    REQUIRE(scene.store.runs().finish_unstarted(run, model::Outcome::cancelled, "by the test",
                                                scene.now()));
    change.commit();
  }
  scene.once("waits");
  {
    store::Transaction change(scene.store.db());
    scene.store.db().execute(
        "WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000)"
        " INSERT INTO runs (task_id, trigger, nominal_ms, state, priority, not_before_ms,"
        " created_at_ms) SELECT (SELECT id FROM tasks WHERE name = 'waits'), 'n' || i, i, 'held',"
        " 0, 0, 0 FROM n");
    change.commit();
  }
  const auto kept = [&](int most) {
    store::PruneBounds bounds;
    bounds.runs_of_a_task = most;
    std::vector<std::int64_t> gone;
    for (const store::PruneUnit& unit : store::plan_prune(scene.store, bounds, {}).units) {
      CHECK_FALSE(unit.task);
      gone.push_back(unit.runs.front().id.value);
    }
    return gone;
  };
  CHECK(kept(3) == std::vector<std::int64_t>{1, 2});
  CHECK(kept(0) == std::vector<std::int64_t>{1, 2, 3, 4});
}

TEST_CASE("the log can be shortened while somebody plans for long") {
  test::Scene scene;
  scene.once("first");
  store::Database other(scene.store.places().database().string(), store::Database::Mode::open);
  store::ShortReads reads(other);
  CHECK(store::Query(reads.db(), "SELECT count(*) FROM tasks").step());
  scene.once("second");
  CHECK_FALSE(scene.store.db().shorten_log());
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  bool shortened = false;
  while (!shortened && std::chrono::steady_clock::now() < deadline) {
    CHECK(store::Query(reads.db(), "SELECT count(*) FROM tasks").step());
    shortened = scene.store.db().shorten_log();
  }
  CHECK(shortened);
}
