#pragma once

#include "store/store.hpp"
#include "worker/follow_up.hpp"
#include "worker/observer.hpp"

#include <vector>

namespace sched::worker {

/// The notice that a run is finished without an attempt that ended: as the store has it now.
Notice end_notice(store::Store& store, model::RunId id);

/// The notice that a run is late.
Notice late_notice(store::Store& store, model::RunId run, model::TaskId task, time::Instant soft);

/// Adds what followed from ends to the notices of these: who was skipped, and in whose place a
/// fallback runs.
void tell_followed(store::Store& store, const Followed& followed, std::vector<Notice>& notices);

}  // namespace sched::worker
