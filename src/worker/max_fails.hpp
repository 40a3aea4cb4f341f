#pragma once

#include "model/max_fails.hpp"
#include "model/run.hpp"
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
/// The attempt of a run gave way or never began, and its run is back where it was before. Where a
/// bound was met meanwhile, and still stands, it is ended or held like those that had not begun
/// then; those that are skipped.
std::vector<model::RunId> stop_come_back(store::Store& store, const model::Run& run,
                                         time::Instant now);

}  // namespace sched::worker
