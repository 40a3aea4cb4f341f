#pragma once

#include "model/ids.hpp"

#include <functional>
#include <unordered_set>
#include <vector>

namespace sched::rules {

/// The tasks directly above or below one.
using Neighbours = std::function<std::vector<model::TaskId>(model::TaskId)>;

/// A way from `from` along `next` back to `target`, both ends included; empty when there is none.
/// With next = upstream, a way means that `target` after `from` would close a cycle.
std::vector<model::TaskId> find_way(model::TaskId from, model::TaskId target,
                                    const Neighbours& next);

/// A cycle that can be reached from `from` along `next`: its tasks in order, the first of them
/// again at the end; empty when there is none. From those in `safe` none can be reached; what is
/// found to be so is added there.
std::vector<model::TaskId> find_cycle(model::TaskId from, const Neighbours& next,
                                      std::unordered_set<model::TaskId>& safe);

/// `root` and all that lies below it, each after everything above it that is below `root` too.
/// `below` is asked once a task.
std::vector<model::TaskId> in_order(model::TaskId root, const Neighbours& below);

}  // namespace sched::rules
