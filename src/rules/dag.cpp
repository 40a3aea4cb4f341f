#include "rules/dag.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace sched::rules {

std::vector<model::TaskId> find_way(model::TaskId from, model::TaskId target,
                                    const Neighbours& next) {
  // Without recursion: a chain of 100,000 tasks is legitimate.
  std::unordered_map<model::TaskId, model::TaskId> came_from;
  std::vector<model::TaskId> open = {from};
  came_from.emplace(from, model::TaskId());
  while (!open.empty()) {
    const model::TaskId here = open.back();
    open.pop_back();
    if (here == target) {
      std::vector<model::TaskId> way;
      for (model::TaskId step = here; step; step = came_from.at(step)) {
        way.push_back(step);
      }
      std::reverse(way.begin(), way.end());
      return way;
    }
    for (const model::TaskId neighbour : next(here)) {
      if (came_from.emplace(neighbour, here).second) {
        open.push_back(neighbour);
      }
    }
  }
  return {};
}

std::vector<model::TaskId> find_cycle(model::TaskId from, const Neighbours& next,
                                      std::unordered_set<model::TaskId>& safe) {
  struct Step {
    model::TaskId task;
    std::vector<model::TaskId> neighbours;
    std::size_t next = 0;
  };
  if (safe.contains(from)) {
    return {};
  }
  std::vector<Step> way = {{from, next(from)}};
  std::unordered_set<model::TaskId> on_way = {from};
  while (!way.empty()) {
    Step& here = way.back();
    if (here.next == here.neighbours.size()) {
      on_way.erase(here.task);
      safe.insert(here.task);
      way.pop_back();
      continue;
    }
    const model::TaskId neighbour = here.neighbours[here.next++];
    if (on_way.contains(neighbour)) {
      std::vector<model::TaskId> cycle;
      for (const Step& step : way) {
        if (!cycle.empty() || step.task == neighbour) {
          cycle.push_back(step.task);
        }
      }
      cycle.push_back(neighbour);
      return cycle;
    }
    if (!safe.contains(neighbour)) {
      on_way.insert(neighbour);
      way.push_back({neighbour, next(neighbour)});
    }
  }
  return {};
}

std::vector<model::TaskId> in_order(model::TaskId root, const Neighbours& below) {
  struct Frame {
    model::TaskId task;
    std::vector<model::TaskId> children;
    std::size_t next = 0;
  };
  std::vector<model::TaskId> finished;
  std::unordered_set<model::TaskId> seen = {root};
  std::vector<Frame> stack = {{root, below(root)}};
  while (!stack.empty()) {
    Frame& top = stack.back();
    if (top.next == top.children.size()) {
      finished.push_back(top.task);
      stack.pop_back();
      continue;
    }
    const model::TaskId child = top.children[top.next++];
    if (seen.insert(child).second) {
      stack.push_back({child, below(child)});
    }
  }
  std::reverse(finished.begin(), finished.end());
  return finished;
}

}  // namespace sched::rules
