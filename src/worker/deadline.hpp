#pragma once

#include "store/store.hpp"
#include "worker/observer.hpp"

#include <vector>

namespace sched::worker {

struct Heeded {
  std::vector<Notice> notices;
  bool all = false;  ///< None is left to be looked at now: whoever is in line may start.
};

/// Looks at runs whose deadlines want it, and at those that follow from that: tells of those that
/// are late, and ends those that can't meet a hard one any more. Wants a Transaction.
Heeded heed_deadlines(store::Store& store, time::Instant now, int limit);

/// Finds the moment at which the deadlines of this run want to be looked at, now that they, or what
/// it does, are others. Wants a Transaction.
void watch_deadlines(store::Store& store, model::RunId run, time::Instant now);

/// Unfinished runs of the task get the deadlines that it now has. Wants a Transaction.
void let_deadlines_follow(store::Store& store, const model::Task& task, time::Instant now);
/// The same for one of them, whose moment is another now.
void let_deadlines_follow(store::Store& store, const model::Task& task, const model::Run& run,
                          time::Instant now);

}  // namespace sched::worker
