#include "worker/as_tried.hpp"

#include "rules/memory.hpp"

namespace sched::worker {

model::Task as_tried(store::Store& store, model::Task task, const model::Run& run) {
  if (task.machine.memory_retry && run.attempts > run.spent_attempts) {
    rules::grow_memory(task, store.attempts().memory_ends(run.id, run.spent_attempts));
  }
  if (const auto* step = model::step_for(task.machine.nice_map, run.priority)) {
    task.nice = task.nice ? task.nice : step->nice;
    task.machine.io_class = task.machine.io_class ? task.machine.io_class : step->io_class;
  }
  return task;
}

}  // namespace sched::worker
