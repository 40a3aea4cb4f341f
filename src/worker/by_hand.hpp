#pragma once

#include "model/task.hpp"
#include "store/store.hpp"

#include <vector>

namespace sched::worker {

// What people do to runs and tasks, with all that follows. Each wants a Transaction around it.

enum class CancelEffect {
  nothing,    ///< It was over already.
  ending,     ///< It runs: its worker will end it.
  cancelled,  ///< It had not begun, and never will.
};
CancelEffect cancel_run(store::Store& store, model::RunId run, time::Instant now);

/// A held run goes where its edges leave it; false when it is not held.
bool release_run(store::Store& store, model::RunId run, time::Instant now);

/// Sends a finished run back to waiting; what was tried before no longer counts. Unfinished runs
/// below it wait for it anew, and with `downstream` those that were skipped because of it wait
/// again, and so on down: these come back.
std::vector<model::RunId> retry_run(store::Store& store, model::RunId run, bool downstream,
                                    time::Instant now);

/// A firing by hand, for now; a second one in the same millisecond stands for the next.
model::RunId start_task(store::Store& store, const model::Task& task, time::Instant now);

/// A paused task starts no new runs. What it missed meanwhile is written down when it goes on.
void set_paused(store::Store& store, model::TaskId task, bool paused, time::Instant now);

}  // namespace sched::worker
