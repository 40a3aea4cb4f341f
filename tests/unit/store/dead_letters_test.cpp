#include "store/dead_letters.hpp"

#include "support/scene.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace sched;

namespace {

model::RunId end_run(test::Scene& scene, const std::string& name, model::Outcome outcome) {
  const model::RunId run = scene.run(name).id;
  REQUIRE(scene.store.runs().finish_unstarted(run, outcome, "by the test", scene.now()));
  return run;
}

}  // namespace

TEST_CASE("what failed, timed out or was lost is a dead letter, and no other end") {
  test::Scene scene;
  struct Row {
    const char* name;
    model::Outcome outcome;
    bool expected;
  };
  std::int64_t count = 0;
  for (const Row& row :
       {Row{"a", model::Outcome::succeeded, false}, Row{"b", model::Outcome::failed, true},
        Row{"c", model::Outcome::timed_out, true}, Row{"d", model::Outcome::cancelled, false},
        Row{"e", model::Outcome::skipped, false}, Row{"f", model::Outcome::missed, false},
        Row{"g", model::Outcome::lost, true}}) {
    CAPTURE(row.name);
    scene.once(row.name);
    store::Transaction change(scene.store.db());
    const model::RunId run = end_run(scene, row.name, row.outcome);
    count += row.expected ? 1 : 0;
    CHECK(scene.store.dead_letters().count() == count);
    CHECK(model::is_dead(scene.store.runs().run(run)) == row.expected);
    change.commit();
  }
}

TEST_CASE("a resolution is kept once, and gone when the run goes back to work") {
  test::Scene scene;
  scene.once("a");
  store::Transaction change(scene.store.db());
  const model::RunId run = end_run(scene, "a", model::Outcome::failed);
  CHECK(scene.store.dead_letters().resolve(run, "sent by hand", scene.now()));
  CHECK_FALSE(scene.store.dead_letters().resolve(run, "again", scene.now()));
  const model::Run resolved = scene.store.runs().run(run);
  CHECK(resolved.resolution == "sent by hand");
  CHECK(resolved.resolved_at == scene.now());
  CHECK(scene.store.dead_letters().count() == 0);
  CHECK(scene.store.runs().reopen(run, scene.now(), scene.now()));
  CHECK_FALSE(scene.store.runs().run(run).resolved_at);
  CHECK(scene.store.runs().run(run).resolution.empty());
  end_run(scene, "a", model::Outcome::lost);
  CHECK(scene.store.dead_letters().count() == 1);
  change.commit();
}

TEST_CASE("earlier ends of the same task are resolved, and none besides") {
  test::Scene scene;
  scene.once("a");
  scene.once("b");
  store::Transaction change(scene.store.db());
  const model::RunId first = end_run(scene, "a", model::Outcome::failed);
  const model::RunId other = end_run(scene, "b", model::Outcome::failed);
  const model::TaskId task = scene.store.runs().run(first).task;
  const model::RunId later(other.value + 1);
  CHECK_FALSE(scene.store.dead_letters().any_before(task, first));
  CHECK(scene.store.dead_letters().any_before(task, later));
  CHECK(scene.store.dead_letters().resolve_before(task, first, "x", scene.now()) == 0);
  CHECK(scene.store.dead_letters().resolve_before(task, later, "x", scene.now()) == 1);
  CHECK_FALSE(scene.store.dead_letters().any_before(task, later));
  CHECK(model::is_dead(scene.store.runs().run(other)));
  change.commit();
}
