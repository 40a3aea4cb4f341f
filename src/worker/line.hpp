#pragma once

#include "exec/executor.hpp"
#include "rules/choose.hpp"
#include "store/store.hpp"
#include "worker/guards.hpp"

#include <vector>

namespace sched::worker {

// The lines in which runs wait for their turn. All but can_start() want a Transaction around them.

/// Queues waiting runs: the rules of their queues say at which places.
void line_up(store::Store& store, const std::vector<store::Comer>& comers);
/// The places that runs would get, also those that are not in the store yet.
std::vector<store::LinePlace> places_of(store::Store& store,
                                        const std::vector<store::Comer>& comers);
/// Lines up those whose moment has come, at most `limit` of them; how many there were.
int line_up_due(store::Store& store, time::Instant now, int limit);
/// Gives the queued runs of a task the places that they would get now: after a change of its
/// priority or queue, or of the order of its queue.
void line_up_anew(store::Store& store, model::TaskId task);

/// Says who may start now; it looks into the store as it goes, and at what lanes ask of the
/// machine.
/// `guards` must outlive it.
rules::Chooser chooser_of(store::Store& store, const GuardBook& guards, time::Instant now);
/// As if there were no guards, to be asked could_start() and nothing else.
rules::Chooser bare_chooser(store::Store& store, time::Instant now);
/// What of these needs is missing now.
std::vector<rules::Shortage> shortages_of(store::Store& store, model::Needs needs,
                                          time::Instant now);
/// Whether any queued run could start, if a worker had a free slot.
bool can_start(store::Store& store, time::Instant now);

/// Whether any queued run waits for the lock of a file that somebody has now.
bool awaits_file(store::Store& store);

/// Has queues and their shares pay for what their runs took.
void pay_turns(store::Store& store, const std::vector<exec::Ended>& ends, time::Instant now);

}  // namespace sched::worker
