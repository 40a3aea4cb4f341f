#pragma once

#include "model/queue.hpp"

#include <cstdint>
#include <vector>

namespace sched::rules {

// Queues that have something to start take turns by their weights (start-time fair queueing). Time
// in it is virtual: what a run takes of a slot, divided by the weight of its queue. The queue whose
// next turn begins first is served; it pays a little for the start, and the rest when the run has
// ended and it is known what it took. One that had nothing to start for a while begins where the
// others are: it has missed its turns, and nobody is kept waiting for that.

/// Where the next turn of a queue begins; `clock` is where the last one that was taken began.
std::int64_t next_turn(const model::QueueTurn& turn, std::int64_t clock);

/// The clock of these queues.
std::int64_t turn_clock(const std::vector<model::Queue>& queues);

/// The queue's turn once it has started a run.
model::QueueTurn take_turn(const model::Queue& queue, std::int64_t clock);

/// The queue's turn once a run of it has ended that took so long.
model::QueueTurn pay(const model::Queue& queue, time::Duration length);

}  // namespace sched::rules
