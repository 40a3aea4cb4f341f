#include "rules/dag.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

using namespace sched;
using model::TaskId;

namespace {

using Graph = std::map<int, std::vector<int>>;

rules::Neighbours along(const Graph& graph, int* asked = nullptr) {
  return [&graph, asked](TaskId task) {
    if (asked != nullptr) {
      ++*asked;
    }
    std::vector<TaskId> next;
    const auto found = graph.find(static_cast<int>(task.value));
    if (found != graph.end()) {
      for (const int id : found->second) {
        next.emplace_back(id);
      }
    }
    return next;
  };
}

std::vector<int> numbers(const std::vector<TaskId>& ids) {
  std::vector<int> found;
  for (const TaskId id : ids) {
    found.push_back(static_cast<int>(id.value));
  }
  return found;
}

constexpr int k_long = 100'000;

rules::Neighbours chain() {
  return [](TaskId task) {
    return task.value < k_long ? std::vector<TaskId>{TaskId(task.value + 1)}
                               : std::vector<TaskId>{};
  };
}

}  // namespace

TEST_CASE("a way is named with both its ends, and there is none against the edges") {
  const Graph graph = {{1, {2, 3}}, {2, {4}}, {3, {4}}, {4, {5}}};
  const auto way = [&](int from, int to) {
    return numbers(rules::find_way(TaskId(from), TaskId(to), along(graph)));
  };
  CHECK(way(2, 5) == std::vector<int>{2, 4, 5});
  CHECK(way(1, 3) == std::vector<int>{1, 3});
  CHECK(way(3, 3) == std::vector<int>{3});
  CHECK(way(5, 1).empty());
  CHECK(way(2, 3).empty());
  const auto long_way = way(1, 5);
  REQUIRE(long_way.size() == 4);
  CHECK(long_way.front() == 1);
  CHECK(long_way.back() == 5);
}

TEST_CASE("a search in a graph that has a cycle already ends") {
  const Graph graph = {{1, {2}}, {2, {3}}, {3, {1}}};
  CHECK(rules::find_way(TaskId(1), TaskId(9), along(graph)).empty());
}

TEST_CASE("each task stands behind all that is above it, once, and is asked once") {
  // A diamond with a shortcut: 4 is reached by three ways, 9 lies elsewhere.
  const Graph graph = {{1, {4, 2, 3}}, {2, {4}}, {3, {2}}, {4, {5}}, {9, {5}}};
  int asked = 0;
  const auto order = numbers(rules::in_order(TaskId(1), along(graph, &asked)));
  CHECK(order == std::vector<int>{1, 3, 2, 4, 5});
  CHECK(asked == 5);
}

TEST_CASE("a chain of 100,000 tasks needs no deeper stack than one of three") {
  const auto order = rules::in_order(TaskId(1), chain());
  REQUIRE(order.size() == k_long);
  CHECK(std::is_sorted(order.begin(), order.end()));
  CHECK(rules::find_way(TaskId(1), TaskId(k_long), chain()).size() == k_long);
}

TEST_CASE("a cycle is named in full, and what lies off it is safe") {
  const Graph graph = {{1, {2, 6}}, {2, {3}}, {3, {4}}, {4, {2}}, {6, {7}}};
  std::unordered_set<TaskId> safe;
  const auto cycle = [&](int from) {
    return numbers(rules::find_cycle(TaskId(from), along(graph), safe));
  };
  CHECK(cycle(6).empty());
  CHECK(safe == std::unordered_set<TaskId>{TaskId(6), TaskId(7)});
  CHECK(cycle(1) == std::vector<int>{2, 3, 4, 2});
  CHECK(cycle(4) == std::vector<int>{4, 2, 3, 4});
  const Graph loop = {{1, {1}}};
  CHECK(numbers(rules::find_cycle(TaskId(1), along(loop), safe)) == std::vector<int>{1, 1});
  const Graph diamond = {{1, {2, 3}}, {2, {4}}, {3, {4}}};
  safe.clear();
  int asked = 0;
  CHECK(rules::find_cycle(TaskId(1), along(diamond, &asked), safe).empty());
  CHECK(asked == 4);
  CHECK(rules::find_cycle(TaskId(1), along(diamond, &asked), safe).empty());
  CHECK(asked == 4);
  safe.clear();
  CHECK(rules::find_cycle(TaskId(1), chain(), safe).empty());
  CHECK(safe.size() == k_long);
}
