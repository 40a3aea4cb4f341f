#include "store/listing.hpp"

#include "store/invariants.hpp"
#include "support/scene.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <string>

using namespace sched;
using namespace std::chrono_literals;
using model::Outcome;
using model::RunState;

namespace {

/// Tasks a to e, oldest first, whose runs stand differently.
struct Shelf : test::Scene {
  Shelf() {
    const auto tagged = [this](const char* name, std::vector<std::string> tags) {
      model::Task task = test::task_named(name);
      task.at = now() + 1h;
      task.tags = std::move(tags);
      first_run(add(task));
      return run(name).id;
    };
    const auto a = tagged("a-done", {"x"});
    const auto b = tagged("b-failed", {"x", "y"});
    const auto c = tagged("c-held", {"y"});
    tagged("d-due", {});
    manual("e-none");
    auto& runs = store.runs();
    runs.finish_unstarted(a, Outcome::succeeded, "why", now());
    runs.finish_unstarted(b, Outcome::failed, "why", now() + 1s);
    runs.hold(c);
  }
  std::string tasks(const store::ListFilter& filter) {
    std::string found;
    for (const auto& row : store.listing().tasks(filter).rows) {
      found += row.label[0];
    }
    return found;
  }
  std::string runs_of(const store::ListFilter& filter) {
    std::string found;
    for (const auto& row : store.listing().runs(filter).rows) {
      found += row.task[0];
    }
    return found;
  }
};

}  // namespace

TEST_CASE("a list shows what passes all of its filters, newest first") {
  Shelf shelf;
  struct Row {
    const char* what;
    std::function<void(store::ListFilter&)> set;
    const char* tasks;
    const char* runs;
  };
  for (const Row& row : std::vector<Row>{
           {"all", [](auto&) {}, "edcba", "dcba"},
           {"a state", [](auto& f) { f.states = {RunState::held}; }, "c", "c"},
           {"two states",
            [](auto& f) {
              f.states = {RunState::held, RunState::waiting};
            },
            "dc", "dc"},
           {"an outcome", [](auto& f) { f.outcomes = {Outcome::failed}; }, "b", "b"},
           {"no such outcome", [](auto& f) { f.outcomes = {Outcome::lost}; }, "", ""},
           {"state and outcome",
            [](auto& f) { f.states = {RunState::held}, f.outcomes = {Outcome::failed}; }, "", ""},
           {"a tag", [](auto& f) { f.tags = {"y"}; }, "cb", "cb"},
           {"all of its tags",
            [](auto& f) {
              f.tags = {"x", "y"};
            },
            "b", "b"},
           {"part of a tag", [](auto& f) { f.tags = {""}; }, "", ""},
           {"a glob", [](auto& f) { f.names = {"*-d*"}; }, "da", "da"},
           {"one of two globs",
            [](auto& f) {
              f.names = {"a*", "[bc]-*"};
            },
            "cba", "cba"},
           {"glob and tag", [](auto& f) { f.names = {"*-h*"}, f.tags = {"x"}; }, "", ""},
       }) {
    CAPTURE(row.what);
    store::ListFilter filter;
    row.set(filter);
    CHECK(shelf.tasks(filter) == row.tasks);
    CHECK(shelf.runs_of(filter) == row.runs);
  }
}

TEST_CASE("runs of some tasks alone") {
  Shelf shelf;
  store::ListFilter filter;
  filter.tasks = {shelf.task("b-failed").id};
  CHECK(shelf.runs_of(filter) == "b");
  filter.tasks.push_back(shelf.task("d-due").id);
  CHECK(shelf.runs_of(filter) == "db");
  filter.tasks = {shelf.task("e-none").id};
  CHECK(shelf.runs_of(filter).empty());
}

TEST_CASE("a limit cuts, and only then is there more") {
  Shelf shelf;
  struct Row {
    int limit;
    std::size_t tasks;
    bool more_tasks;
    std::size_t runs;
    bool more_runs;
  };
  for (const Row& row :
       {Row{0, 5, false, 4, false}, Row{1, 1, true, 1, true}, Row{4, 4, true, 4, false},
        Row{5, 5, false, 4, false}, Row{9, 5, false, 4, false}}) {
    CAPTURE(row.limit);
    store::ListFilter filter;
    filter.limit = row.limit;
    const auto tasks = shelf.store.listing().tasks(filter);
    CHECK(tasks.rows.size() == row.tasks);
    CHECK(tasks.more == row.more_tasks);
    const auto runs = shelf.store.listing().runs(filter);
    CHECK(runs.rows.size() == row.runs);
    CHECK(runs.more == row.more_runs);
  }
  // What is filtered out behind the last row is not more.
  store::ListFilter filter;
  filter.limit = 1;
  filter.names = {"e*"};
  CHECK_FALSE(shelf.store.listing().tasks(filter).more);
}

TEST_CASE("a task in a list stands with its newest run") {
  Shelf shelf;
  shelf.start("a-done");
  store::ListFilter filter;
  filter.names = {"a*"};
  const auto rows = shelf.store.listing().tasks(filter).rows;
  REQUIRE(rows.size() == 1);
  REQUIRE(rows[0].run.has_value());
  CHECK_FALSE(rows[0].run->outcome.has_value());
  CHECK(rows[0].tags == std::vector<std::string>{"x"});
  CHECK(rows[0].command.argv == std::vector<std::string>{"true"});
  filter.names = {"e*"};
  CHECK_FALSE(shelf.store.listing().tasks(filter).rows.front().run.has_value());
}

TEST_CASE("counts hold every run once") {
  Shelf shelf;
  const auto counts = shelf.store.listing().counts();
  CHECK(counts.waiting == 1);
  CHECK(counts.held == 1);
  CHECK(counts.queued == 0);
  CHECK(counts.running == 0);
  CHECK(counts.succeeded == 1);
  CHECK(counts.failed == 1);
  CHECK(counts.other == 0);
  CHECK(counts.unfinished() == 2);
  CHECK(counts.finished() == 2);
  CHECK(shelf.store.listing().task_count() == 5);
  CHECK(shelf.store.listing().unfinished().size() == 2);
  for (const Outcome outcome :
       {Outcome::timed_out, Outcome::lost, Outcome::cancelled, Outcome::skipped, Outcome::missed}) {
    shelf.store.runs().finish_unstarted(shelf.start("d-due"), outcome, "why", shelf.now());
  }
  CHECK(shelf.store.listing().counts().failed == 3);
  CHECK(shelf.store.listing().counts().other == 3);
  CHECK(store::wrong_tallies(shelf.store.db()).empty());
}

TEST_CASE("dead letters come latest first, and nothing else with them") {
  Shelf shelf;
  const auto later = shelf.start("a-done");
  shelf.store.runs().finish_unstarted(later, Outcome::lost, "why", shelf.now() + 1h);
  store::ListFilter filter;
  filter.dead = true;
  const auto dead = shelf.store.listing().runs(filter).rows;
  REQUIRE(dead.size() == 2);
  CHECK(dead[0].run.id == later);
  CHECK(dead[1].task == "b-failed");
  CHECK(shelf.store.listing().run_ids(filter).size() == 2);
  filter.tasks = {dead[0].run.task};
  CHECK(shelf.store.listing().runs(filter).rows.size() == 1);
  CHECK(shelf.store.listing().run_ids(filter).size() == 1);
}

TEST_CASE("a blocker is what most others wait for, and waits for none itself") {
  test::Scene scene;
  scene.once("root");
  scene.once("one", {"root"});
  scene.once("two", {"root"});
  scene.once("last", {"one"});
  scene.once("lonely");
  const auto blockers = scene.store.listing().blockers(5);
  REQUIRE(blockers.size() == 1);
  CHECK(blockers[0].blocker.task == "root");
  CHECK(blockers[0].waiting == 2);
  CHECK(blockers[0].example == "one");
}

TEST_CASE("what is due next comes soonest first") {
  test::Scene scene;
  for (const auto& [name, delay] : {std::pair{"late", 2h}, std::pair{"soon", 1h}}) {
    model::Task task = test::task_named(name);
    task.at = scene.now() + delay;
    scene.first_run(scene.add(task));
  }
  scene.once("after", {"late"});
  const auto next = scene.store.listing().due_next(5);
  REQUIRE(next.size() == 2);
  CHECK(next[0].task == "soon");
  CHECK(next[1].task == "late");
}
