#pragma once

#include "exec/executor.hpp"
#include "store/store.hpp"
#include "worker/observer.hpp"

#include <functional>
#include <vector>

namespace sched::worker {

/// Which slots of a worker are taken, each by which run.
class Slots {
 public:
  explicit Slots(int count);
  int count() const { return count_; }
  int busy() const;
  int free() const;
  /// The lowest free slot, from 1; grows past count() for adopted runs that come on top.
  int take(model::RunId run);
  void release(model::RunId run);

 private:
  int count_;
  std::vector<model::RunId> runs_;
};

struct Claimed {
  std::vector<exec::Launch> launches;
  std::vector<Notice> notices;
};

/// Marks the next queued runs as running under this launcher, as many as slots are free. Wants a
/// Transaction around it; start the launches after its commit. `token` draws a fresh one.
Claimed claim_runs(store::Store& store, Slots& slots, model::LauncherId launcher, time::Instant now,
                   const std::function<std::int64_t()>& token);

}  // namespace sched::worker
