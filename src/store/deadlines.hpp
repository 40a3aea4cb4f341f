#pragma once

#include "model/deadline.hpp"
#include "model/ids.hpp"
#include "model/run_state.hpp"
#include "store/database.hpp"

#include <optional>
#include <vector>

namespace sched::store {

/// An unfinished run, as far as its deadlines ask.
struct DeadlineRow {
  model::RunId run;
  model::TaskId task;
  model::RunState state = model::RunState::waiting;
  model::RunDeadlines deadlines;
  bool late = false;
};

/// Deadlines of runs. Each unfinished run that has one keeps the next moment at which something may
/// follow from it, in an index: none is looked at before.
class Deadlines {
 public:
  explicit Deadlines(Database& db) : db_(db) {}

  std::vector<DeadlineRow> due(time::Instant now, int limit);  ///< The soonest first.
  std::optional<time::Instant> next();  ///< The next moment at which due() has something.
  std::optional<DeadlineRow> find(model::RunId run);

  /// With another soft one it is no longer late.
  void set(model::RunId run, const model::RunDeadlines& deadlines);
  void look_at(model::RunId run, std::optional<time::Instant> moment);
  void mark_late(model::RunId run);

 private:
  Database& db_;
};

}  // namespace sched::store
