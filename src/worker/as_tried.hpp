#pragma once

#include "model/run.hpp"
#include "model/task.hpp"
#include "store/store.hpp"

namespace sched::worker {

/// The task as the run's present or next attempt has it: with the niceness of its priority, and the
/// memory that it is given after attempts that had too little.
model::Task as_tried(store::Store& store, model::Task task, const model::Run& run);

}  // namespace sched::worker
