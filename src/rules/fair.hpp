#pragma once

#include "model/fair.hpp"
#include "model/task.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace sched::rules {

// Fair shares: of the shares of a queue that have something to start, the one goes first that has
// had the least of its slots for its weight. What was had counts half after each half-life, so a
// share that was idle is ahead for a while, and not for ever.

/// On whose account a task runs: its user; or the first of its tags that the queue has a weight
/// for, else its first one, else "".
std::string share_of(const model::FairShares& shares, const model::Task& task);

/// What is left at `now` of what a share has used.
time::Duration used_at(const model::ShareUse& use, time::Duration half_life, time::Instant now);

/// The same, with a run of that length that has just ended.
model::ShareUse paid(const model::ShareUse& use, time::Duration half_life, time::Duration length,
                     time::Instant now);

/// The order in which queued runs of a fair queue go, if each takes as long as `lengths` says:
/// their places in the lists, which are by rank.
std::vector<std::size_t> fair_order(const model::FairShares& shares,
                                    const std::map<std::string, time::Duration>& used,
                                    const std::vector<std::string>& share_of_each,
                                    const std::vector<time::Duration>& lengths);

}  // namespace sched::rules
