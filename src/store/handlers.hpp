#pragma once

#include "model/handler.hpp"
#include "model/run.hpp"
#include "store/database.hpp"

#include <optional>
#include <vector>

namespace sched::store {

/// Which tasks run at the ends of which others, and for which end a run of such a one was made.
/// Changes want a Transaction around them.
class Handlers {
 public:
  explicit Handlers(Database& db) : db_(db) {}

  /// Puts these in the place of the task's handlers of that kind.
  void set(model::TaskId task, model::HandlerKind kind, const std::vector<model::TaskId>& handlers);
  void clear(model::TaskId task);  ///< It has none any more.
  bool any();                      ///< Whether any task has one.
  std::vector<model::Handler> of(model::TaskId task);
  /// The tasks whose ends it handles.
  std::vector<model::Handler> handled_by(model::TaskId handler);

  void note_cause(model::RunId run, const model::Cause& cause);
  /// Empty for a run of another trigger.
  std::optional<model::Cause> cause_of(model::RunId run);
  /// The runs of handlers for ends of this run, oldest first.
  std::vector<model::RunId> runs_for(model::RunId run);
  /// The run that runs in the place of this one, whose fallback it is, or that of its own fallback,
  /// and so on; the run itself when there is none, or it was retried since.
  model::RunId in_place_of(model::RunId run);

 private:
  Database& db_;
};

}  // namespace sched::store
