#pragma once

#include "exec/executor.hpp"
#include "rules/pace.hpp"
#include "store/store.hpp"
#include "worker/observer.hpp"

#include <functional>
#include <vector>

namespace sched::worker {

/// How much a worker may take on now.
struct Room {
  int slots = 1;
  int busy = 0;   ///< Attempts that are with its launchers.
  int ahead = 0;  ///< So many more may wait there, where nothing but slots bounds what runs.
  int free() const { return slots - busy; }
};

struct Claimed {
  std::vector<exec::Launch> launches;
  std::vector<Notice> notices;
};

/// Marks the next queued runs as running under this launcher, as many as there is room for. Wants a
/// Transaction around it; start the launches after its commit. `token` draws a fresh one.
Claimed claim_runs(store::Store& store, const Room& room, model::LauncherId launcher,
                   time::Instant now, const std::function<std::int64_t()>& token);

}  // namespace sched::worker
