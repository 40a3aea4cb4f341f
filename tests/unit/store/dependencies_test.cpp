#include "store/tasks.hpp"
#include "support/scene.hpp"

#include <doctest/doctest.h>

using namespace sched;

TEST_CASE("an edge is kept once for each condition, and read from both ends") {
  test::Scene scene;
  auto& tasks = scene.store.tasks();
  const auto up = scene.once("up");
  const auto down = scene.once("down");
  const auto exit = model::parse_condition("exit=3,10-20").value();
  const auto first = tasks.add_dependency({0, down, up, {}});
  const auto second = tasks.add_dependency({0, down, up, exit});
  CHECK(first != second);
  CHECK(tasks.add_dependency({0, down, up, {}}) == first);
  const auto edges = tasks.upstream_of(down);
  REQUIRE(edges.size() == 2);
  CHECK(edges[0].id == first);
  CHECK(edges[0].upstream == up);
  CHECK(edges[1].condition == exit);
  CHECK(tasks.downstream_of(up).size() == 2);
  CHECK(tasks.downstream_of(down).empty());
  tasks.remove_dependency(first);
  CHECK(tasks.upstream_of(down).size() == 1);
  CHECK_THROWS_AS(tasks.add_dependency({0, down, down, {}}), base::Error);
  CHECK_THROWS_AS(tasks.add_dependency({0, down, model::TaskId(99), {}}), base::Error);
}

TEST_CASE("a task goes with its runs, but not while another comes after it") {
  test::Scene scene;
  const auto up = scene.once("up");
  const auto down = scene.once("down", {"up"});
  const auto run = scene.run("down").id;
  CHECK_THROWS_AS(scene.store.tasks().remove(up), base::Error);
  scene.store.tasks().remove(down);
  CHECK_FALSE(scene.store.runs().find(run).has_value());
  scene.store.tasks().remove(up);
  CHECK(scene.store.listing().task_count() == 0);
  CHECK(scene.store.listing().counts().unfinished() == 0);
}
