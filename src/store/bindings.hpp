#pragma once

#include "model/dependency.hpp"
#include "model/run.hpp"
#include "store/database.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sched::store {

/// One edge of a run, and the run of the upstream that it means (none yet: it waits for a firing).
struct BoundEdge {
  model::Dependency dependency;
  std::string upstream_name;  ///< The label of the task.
  std::optional<model::RunId> upstream_run;
  model::TaskId upstream_task;  ///< Of that run: a fallback's where that runs in its place.
  std::optional<model::RunState> state;   ///< Of the upstream run.
  std::optional<model::Outcome> outcome;  ///< Of the upstream run, when finished.
  std::optional<int> exit_code;
};

/// A run that looks at the end of another.
struct Dependent {
  model::RunId run;
  model::TaskId task;
  model::Condition condition;
  model::RunState state = model::RunState::waiting;
};

/// Those who look at the end of a run by one condition.
struct EdgesBelow {
  model::Condition condition;
  std::vector<model::RunId> runs;  ///< Finished ones too.
};

/// Which run of an upstream each edge of a run means.
class Bindings {
 public:
  explicit Bindings(Database& db) : db_(db) {}

  void bind(model::RunId run, std::int64_t dependency, model::RunId upstream);
  /// What looked at the one run looks at the other from now on.
  void move(model::RunId from, model::RunId to);
  /// The same with those edges alone that go to this task.
  void move(model::RunId from, model::RunId to, model::TaskId upstream);
  /// All edges of the run's task, bound or not, in the order of --after.
  std::vector<BoundEdge> edges_of(model::RunId run);
  /// The unfinished runs with an edge that means `upstream`.
  std::vector<Dependent> dependents_of(model::RunId upstream);
  /// All edges that mean `upstream`, by their conditions.
  std::vector<EdgesBelow> edges_below(model::RunId upstream);
  /// Finished runs too, each once.
  std::vector<model::RunId> below(model::RunId upstream);
  /// The oldest waiting or held run of the task that has no run bound to any of these edges.
  std::optional<model::RunId> oldest_collecting(model::TaskId task,
                                                const std::vector<std::int64_t>& dependencies);

 private:
  Database& db_;
};

}  // namespace sched::store
