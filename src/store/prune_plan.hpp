#pragma once

#include "model/outcome.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace sched::store {

/// Bounds on what is kept; a finished run beyond any of them is to go.
struct PruneBounds {
  std::optional<time::Instant> finished_before;
  std::optional<int> runs_of_a_task;       ///< The newest finished ones stay.
  std::optional<std::uint64_t> all_bytes;  ///< Of rows and logs; the oldest go first.
  bool dead_too = false;                   ///< Dead letters as well; else they stay.
};

struct PrunedRun {
  model::RunId id;
  model::TaskId task;
  std::string label;  ///< Of the task.
  model::Outcome outcome = model::Outcome::succeeded;
  time::Instant finished_at{};
  std::uint64_t log_bytes = 0;
  bool with_task = false;  ///< The task goes too.
};

/// What goes in one step, none of it without the rest: a run, or a task with all its runs.
struct PruneUnit {
  model::TaskId task;  ///< 0: a run alone.
  std::vector<PrunedRun> runs;
};

struct PrunePlan {
  std::vector<PruneUnit> units;  ///< In an order in which they can go.
  std::int64_t dead_kept = 0;    ///< Beyond the bounds, and dead letters: they stay.
};

using LogSizes = std::unordered_map<std::int64_t, std::uint64_t>;  ///< By run.

/// Chooses what is over and beyond the bounds.
///
/// What is not finished stays, and so does every finished run that one that stays came after:
/// retrying that one has to find it. A task that can fire again stays, with its newest run. A
/// one-time task goes with its run, unless a task that stays comes after it or has it as handler.
/// Changes nothing, and reads in short transactions: who removes looks at each again.
PrunePlan plan_prune(Store& store, const PruneBounds& bounds, const LogSizes& logs);
/// The same with these runs, dead letters or not, and none besides.
PrunePlan plan_removal(Store& store, const std::set<model::RunId>& runs, const LogSizes& logs);

}  // namespace sched::store
