#pragma once

#include "store/store.hpp"

#include <vector>

namespace sched::worker {

/// Carries the end of runs to all that look at them: edges are counted, runs whose join holds
/// become due, those whose join can't hold any more finish as skipped, and their own dependents see
/// that in turn. Returns the runs that were skipped. Wants a Transaction around it.
std::vector<model::RunId> advance(store::Store& store, std::vector<model::RunId> ended,
                                  time::Instant now);

/// A run of the task is over: the next of those that take turns goes, with all that follows when it
/// is skipped. For an end that those below it are not to see. Returns as advance().
std::vector<model::RunId> pass_turn(store::Store& store, model::TaskId task, time::Instant now);

/// Counts the edges of a run anew from the runs that they mean, and leaves it where it is.
/// To be done for all runs with new edges before any of them is placed: advance() counts on.
void recount_edges(store::Store& store, model::RunId id);

/// How the edges of a run stand, by the runs that they mean.
model::EdgeCounts count_edges(store::Store& store, model::RunId run);

/// Counts the edges of an unfinished run anew from the runs that they mean, and moves it where that
/// leaves it: waiting (due or not), or finished as skipped with all that follows. A held run stays
/// held. Returns the runs that were skipped, itself included.
std::vector<model::RunId> refresh(store::Store& store, model::RunId id, time::Instant now);

}  // namespace sched::worker
