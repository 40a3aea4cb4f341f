#include "rules/dag.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
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
