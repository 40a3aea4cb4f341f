#pragma once

#include "model/task.hpp"
#include "render/column.hpp"
#include "render/edge_columns.hpp"
#include "render/guard_columns.hpp"
#include "render/run_columns.hpp"

#include <string>
#include <vector>

namespace sched::render {

/// All that is known of a task.
struct TaskPage {
  model::Task task;
  std::string queue;               ///< Its name.
  std::optional<GuardLine> guard;  ///< Its breaker.
  std::vector<TaskEdge> upstream;
  std::vector<TaskEdge> downstream;
  std::vector<HandlerEdge> handlers;  ///< What runs at its ends.
  std::vector<HandlerEdge> handled;   ///< At whose ends it runs.
  std::vector<RunLine> runs;          ///< The newest ones, newest first.
  bool more_runs = false;
};

const std::vector<Column<TaskPage>>& task_page_columns();

/// The page for eyes; what is as by default is left out.
std::string to_text(const TaskPage& page, const View& view);

}  // namespace sched::render
