#pragma once

#include "model/max_fails.hpp"
#include "store/store.hpp"

#include <vector>

namespace sched::worker {

// What --max-fails asks when a run has failed for good and nothing runs in its place. All want a
// Transaction around them.

/// When too much of its flow has failed, ends all of it that has not begun; those that are skipped.
std::vector<model::RunId> stop_failed_flow(store::Store& store, model::RunId flow,
                                           time::Instant now);
/// Holds what has not begun of each tag of which so much has failed. A person has to release it:
/// nothing else would end it.
void hold_tagged(store::Store& store, const model::MaxFails& bounds);

}  // namespace sched::worker
