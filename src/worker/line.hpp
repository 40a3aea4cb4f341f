#pragma once

#include "exec/executor.hpp"
#include "rules/choose.hpp"
#include "store/store.hpp"
#include "worker/guards.hpp"

#include <vector>

namespace sched::worker {

// The lines in which runs wait for their turn. All but can_start() want a Transaction around them.

/// Queues a waiting run: the rule of its queue says at which place.
void line_up(store::Store& store, model::RunId run);
/// Does so with those whose moment has come, at most `limit` of them; how many there were.
int line_up_due(store::Store& store, time::Instant now, int limit);
/// Gives the queued runs of a task the places that they would get now: after a change of its
/// priority or queue, or of the order of its queue.
void line_up_anew(store::Store& store, model::TaskId task);

/// Who may start now behind these guards, with the heads of all lanes that have room.
rules::Chooser chooser_of(store::Store& store, const GuardBook& guards);
/// As if there were no guards, and without heads.
rules::Chooser bare_chooser(store::Store& store);
/// Looks the next run of a lane up.
void bring_head(store::Store& store, rules::Chooser& chooser, model::LaneId lane);
/// What is left of resources and locks.
rules::Stock stock_of(store::Store& store);
/// Whether any queued run could start, if a worker had a free slot.
bool can_start(store::Store& store, time::Instant now);

/// Has queues pay for what their runs took.
void pay_turns(store::Store& store, const std::vector<exec::Ended>& ends);

}  // namespace sched::worker
