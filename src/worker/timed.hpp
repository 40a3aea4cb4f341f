#pragma once

#include "store/store.hpp"
#include "worker/observer.hpp"

#include <string>
#include <vector>

namespace sched::worker {

/// Fires the tasks whose moment has come, at most `limit` of them, and finds their next moments.
/// Each firing gets its row: a run, or a finished one that says why there was none. Firings before
/// `working_since` count as fallen while no worker ran. Wants a Transaction around it.
std::vector<Notice> fire_timed(store::Store& store, time::Instant now, time::Instant working_since,
                               int limit);

/// Finds the next moments anew, after a clock that was wrong was set back. Wants a Transaction.
void find_moments_anew(store::Store& store, time::Instant now);

/// Fires the tasks with an @reboot that have not fired in this boot yet.
void fire_at_boot(store::Store& store, const std::string& boot, time::Instant now);

/// Writes down that the firings up to now of a task did not run, for which `reason`, and finds its
/// next moment. Before it goes on after a pause, or with another schedule.
void pass_over(store::Store& store, const model::Task& task, const std::string& reason,
               time::Instant now);

}  // namespace sched::worker
