#pragma once

#include "model/run.hpp"
#include "model/task.hpp"
#include "render/column.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sched::render {

/// A task in a list, with its newest run.
struct TaskLine {
  model::TaskId id;
  std::string label;
  model::Command command;
  model::TriggerKind trigger = model::TriggerKind::once;
  std::string queue;  ///< Its name.
  int priority = 0;
  bool paused = false;
  std::vector<std::string> tags;
  time::Instant created_at{};
  std::optional<time::Instant> next_at;  ///< Its next firing.
  std::optional<model::Run> run;
};

const std::vector<Column<TaskLine>>& task_columns();

}  // namespace sched::render
