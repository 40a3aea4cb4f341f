#pragma once

#include "store/prune_plan.hpp"
#include "store/short_reads.hpp"

#include <cstdint>
#include <deque>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sched::store {

/// A finished run that may be chosen to go.
struct PruneCandidate {
  PrunedRun run;
  std::int64_t rank = 0;  ///< Among the finished runs of its task, the newest is 1.
  std::int64_t runs_of_task = 0;
  bool newest = false;  ///< Of all runs of its task.
  bool repeats = false;
  bool dead = false;
  bool goes = false;
};

/// The numbers of the runs, or tasks, that one comes directly after; a task's handlers are as such.
std::vector<std::int64_t> upstream_runs(ShortReads& reads, std::int64_t run);
std::vector<std::int64_t> upstream_tasks(ShortReads& reads, std::int64_t task);

/// Which of the chosen runs can really go, and with which tasks. Whatever has to stay makes what it
/// rests on stay too, until nothing changes any more.
class PruneClosure {
 public:
  PruneClosure(ShortReads& reads, std::vector<PruneCandidate>& all);
  void settle();
  bool task_goes(std::int64_t task) const;
  bool run_goes(std::int64_t run) const;

 private:
  void look_at_task(std::int64_t task);
  void look_at_run(std::int64_t id);

  ShortReads& reads_;
  std::unordered_map<std::int64_t, PruneCandidate*> runs_;
  std::unordered_map<std::int64_t, std::vector<PruneCandidate*>> of_task_;
  std::unordered_map<std::int64_t, bool> tasks_;
  std::deque<std::pair<bool, std::int64_t>> open_;  ///< A task or a run, to be looked at again.
};

}  // namespace sched::store
