#pragma once

#include "model/run.hpp"
#include "model/settlement.hpp"
#include "store/database.hpp"

#include <optional>
#include <vector>

/// SQL: what follows FROM to find the attempts without an end, as `a`. They are the current ones of
/// the runs that run, and found through runs_running: those are few, and the attempts that there
/// ever were very many.
#define SCHED_OPEN_ATTEMPTS                                                         \
  "runs AS r CROSS JOIN attempts AS a ON a.run_id = r.id AND a.number = r.attempts" \
  " WHERE r.state = 'running' AND a.outcome IS NULL"

namespace sched::store {

/// Attempts of runs. Changes want a Transaction around them.
class Attempts {
 public:
  explicit Attempts(Database& db) : db_(db) {}

  void add(const model::Claim& claim, model::LauncherId launcher, time::Instant now);
  /// Writes the end; false when the claim is stale.
  bool finish(const model::Settlement& settlement);
  /// Notes processes that don't end; false when there is no such attempt.
  bool note_strays(const model::Claim& claim, const std::string& processes);
  /// Removes an attempt that never began; false when the claim is stale.
  bool remove(const model::Claim& claim);
  /// True while this claim is the open attempt of its run.
  bool is_open(const model::Claim& claim);
  bool exists(model::RunId run, int number);
  std::vector<model::Claim> open_of(model::LauncherId launcher);
  std::vector<model::Attempt> of_run(model::RunId run);  ///< Oldest first.
  /// How many attempts of a run, past that number, ended of a memory limit.
  int memory_ends(model::RunId run, int after);
  /// How long the newest successful attempts of a task took, newest first.
  std::vector<time::Duration> durations(model::TaskId task, int limit);
  /// The same over all tasks.
  std::vector<time::Duration> recent_durations(int limit);

 private:
  Database& db_;
};

}  // namespace sched::store
