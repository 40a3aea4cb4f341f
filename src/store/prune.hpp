#pragma once

#include "store/prune_plan.hpp"

#include <cstddef>
#include <functional>
#include <vector>

namespace sched::store {

/// Removes units of a plan in transactions of a few milliseconds each, between which others write.
/// What has come to life again since the plan was made stays. `removed` is told after each commit
/// what is gone; a kill loses no more than that word.
void prune(Store& store, const std::vector<PruneUnit>& plan,
           const std::function<void(const std::vector<const PruneUnit*>&)>& removed);

/// Removes what tasks were captured in that no task has any more, in the same way.
void prune_surroundings(Store& store);

}  // namespace sched::store
