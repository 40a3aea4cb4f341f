#pragma once

#include "model/ids.hpp"

#include <functional>
#include <vector>

namespace sched::rules {

/// The tasks directly above or below one.
using Neighbours = std::function<std::vector<model::TaskId>(model::TaskId)>;

/// A way from `from` along `next` back to `target`, both ends included; empty when there is none.
/// With next = upstream, a way means that `target` after `from` would close a cycle.
std::vector<model::TaskId> find_way(model::TaskId from, model::TaskId target,
                                    const Neighbours& next);

/// `root` and all that lies below it, each after everything above it that is below `root` too.
/// `below` is asked once a task.
std::vector<model::TaskId> in_order(model::TaskId root, const Neighbours& below);

}  // namespace sched::rules
