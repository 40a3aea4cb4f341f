#pragma once

#include "exec/executor.hpp"
#include "store/store.hpp"
#include "worker/observer.hpp"

#include <vector>

namespace sched::worker {

/// Writes all that follows from these ends: outcomes, retries, dependents. An end whose claim is
/// stale changes nothing. Wants a Transaction around it; the notices are for after its commit.
std::vector<Notice> finish_runs(store::Store& store, const std::vector<exec::Ended>& ends,
                                time::Instant now);

}  // namespace sched::worker
