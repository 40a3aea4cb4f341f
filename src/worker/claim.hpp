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
  explicit Slots(int count) : count_(count) {}
  int count() const { return count_; }
  int free() const;
  /// The lowest number from 1 that nobody has.
  int take(model::RunId run);
  /// An adopted run has the number that its command was told, be it past count() or another's too.
  void keep(model::RunId run, int number);
  void release(model::RunId run);

 private:
  struct Taken {
    model::RunId run;
    int number;
  };
  int count_;
  std::vector<Taken> taken_;
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
