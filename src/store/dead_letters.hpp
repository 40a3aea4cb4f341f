#pragma once

#include "model/run.hpp"
#include "store/database.hpp"

#include <string>

namespace sched::store {

/// That a run is a dead letter, in SQL; `run` is "" or its table with a dot. In the very words of
/// the partial indexes, or these are not used; with OR, for SQLite makes a table of a list.
#define SCHED_IS_DEAD(run)                                             \
  "(" run "outcome = 'failed' OR " run "outcome = 'timed_out' OR " run \
  "outcome = 'lost') AND " run "resolved_at_ms IS NULL"

/// Runs that ended badly for good, until somebody sees to them. Nothing is written for it when they
/// end: it is their outcome, and that they have no resolution. ListFilter::dead lists them. Changes
/// want a Transaction around them.
class DeadLetters {
 public:
  explicit DeadLetters(Database& db) : db_(db) {}

  std::int64_t count();
  bool any_before(model::TaskId task, model::RunId run);  ///< Of that task.
  /// Takes it from the list; false when it is not there.
  bool resolve(model::RunId run, const std::string& resolution, time::Instant now);
  /// Does so with all of the task that were written before `run`; how many there were.
  int resolve_before(model::TaskId task, model::RunId run, const std::string& resolution,
                     time::Instant now);

 private:
  Database& db_;
};

}  // namespace sched::store
