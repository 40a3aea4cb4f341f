#pragma once

#include "model/dependency.hpp"
#include "model/handler.hpp"
#include "model/run.hpp"
#include "render/column.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sched::render {

/// An edge between tasks, seen from one end.
struct TaskEdge {
  model::TaskId task;  ///< The other end.
  std::string label;
  model::Condition condition;
};
const std::vector<Column<TaskEdge>>& task_edge_columns();

/// A task that runs at the ends of another, seen from one of the two.
struct HandlerEdge {
  model::HandlerKind kind = model::HandlerKind::failure;
  std::string label;  ///< Of the other.
};
/// Those of one kind: "notify, clean"; "" when there are none.
std::string handlers_text(const std::vector<HandlerEdge>& handlers, model::HandlerKind kind);
/// As "backup:failure" each.
std::vector<std::string> handled_words(const std::vector<HandlerEdge>& handled);

/// An edge of a run, and the run of the other task that it means.
struct RunEdge {
  TaskEdge edge;
  std::optional<model::RunId> run;  ///< Empty: it has not fired yet.
  std::optional<model::RunState> state;
  std::optional<model::Outcome> outcome;
  std::optional<int> exit_code;
  std::string verdict;  ///< "open", "satisfied" or "refused".
};
const std::vector<Column<RunEdge>>& run_edge_columns();

}  // namespace sched::render
