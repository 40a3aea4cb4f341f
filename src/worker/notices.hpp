#pragma once

#include "store/store.hpp"
#include "worker/observer.hpp"

namespace sched::worker {

/// The notice that a run is finished without an attempt that ended: as the store has it now.
Notice end_notice(store::Store& store, model::RunId run);

/// The notice that a run is late.
Notice late_notice(store::Store& store, model::RunId run, model::TaskId task, time::Instant soft);

}  // namespace sched::worker
