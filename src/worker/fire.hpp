#pragma once

#include "model/task.hpp"
#include "store/store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sched::worker {

/// What made a task fire, and for which moment.
struct Firing {
  std::string trigger;  ///< "once", "manual", "time", "boot", or of a handler.
  time::Instant nominal_at{};
  time::Instant not_before{};
  bool in_turn = false;  ///< Not before all earlier runs of the task are over.
};

/// Writes the run of a firing, and in one flow with it a run for every task downstream that has no
/// trigger of its own. Edges of the task itself mean each upstream's newest run; so do those that
/// come into the flow from the side, when a task was started that has no trigger. Empty when this
/// very firing is there already. Wants a Transaction around it.
std::optional<model::RunId> fire(store::Store& store, const model::Task& task, const Firing& firing,
                                 time::Instant now);

/// Writes what a task gets at `add`: the run of a one-time task, or the run that a task after
/// one-time tasks will have; none for those that wait for firings to come.
std::optional<model::RunId> fire_at_add(store::Store& store, const model::Task& task,
                                        time::Instant now);

/// Whether a task that comes after none fires at `add`, and at once may be told where its run goes.
bool fires_alone(const model::Task& task);
/// fire_at_add() for many new tasks that come after none and fire alone; by their places.
std::vector<model::RunId> fire_all_at_add(store::Store& store,
                                          const std::vector<const model::Task*>& tasks,
                                          time::Instant now);

/// Binds edges of an unfinished run that mean no run yet to their upstream's newest run, as
/// fire_at_add() would. After --after was changed; refresh() the run then.
void bind_newest(store::Store& store, model::RunId run);

}  // namespace sched::worker
