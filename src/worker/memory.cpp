#include "worker/memory.hpp"

#include "rules/memory.hpp"

namespace sched::worker {

model::Task as_tried(store::Store& store, model::Task task, const model::Run& run) {
  if (task.machine.memory_retry && run.attempts > run.spent_attempts) {
    rules::grow_memory(task, store.attempts().memory_ends(run.id, run.spent_attempts));
  }
  return task;
}

}  // namespace sched::worker
