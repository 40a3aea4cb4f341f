#pragma once

#include "exec/executor.hpp"
#include "rules/pace.hpp"
#include "store/store.hpp"
#include "worker/observer.hpp"

#include <functional>
#include <set>
#include <vector>

namespace sched::worker {

/// How much a worker may take on now.
struct Room {
  int slots = 1;
  int busy = 0;   ///< Attempts that are with its launchers.
  int ahead = 0;  ///< So many more may wait there, where nothing but slots bounds what runs.
  int free() const { return slots - busy; }
  /// Attempts that are with its launchers; nullptr: none that could go on or give way.
  const std::set<model::Claim>* with_us = nullptr;
  bool may_start = true;  ///< Else what is suspended goes on, and nothing else.
};

/// An attempt that is to stand still, or go on.
struct Standstill {
  model::Claim claim;
  bool still = true;
};

struct Claimed {
  std::vector<exec::Launch> launches;
  std::vector<Notice> notices;
  std::vector<Standstill> standstills;  ///< In the order in which they are to be told.
  bool displaces = false;               ///< Attempts are to be ended, of whichever worker.
};

/// Lets suspended runs of this worker go on and marks the next queued runs as running under this
/// launcher, as many as there is room for; in round-robin queues those whose slice is over give
/// way. Wants a Transaction around it; tell the standstills and start the launches after its
/// commit. `token` draws a fresh one.
Claimed claim_runs(store::Store& store, const Room& room, model::LauncherId launcher,
                   time::Instant now, const std::function<std::int64_t()>& token);

}  // namespace sched::worker
