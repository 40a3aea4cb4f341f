#pragma once

#include "model/handler.hpp"
#include "model/task.hpp"
#include "render/attempt_columns.hpp"
#include "render/edge_columns.hpp"
#include "render/obstacle_columns.hpp"
#include "render/run_columns.hpp"

#include <optional>
#include <vector>

namespace sched::render {

/// All that is known of a run.
struct RunPage {
  RunLine line;
  model::Command command;
  int tries = 1;  ///< Attempts that its task allows.
  std::vector<model::Attempt> attempts;
  std::vector<RunEdge> edges;
  std::optional<model::Cause> cause;    ///< The end for which it runs, when it is a handler's.
  std::vector<RunLine> followers;       ///< Runs of handlers for its own ends, oldest first.
  std::vector<ObstacleLine> obstacles;  ///< Why it does not run; empty when it runs or is over.
};

/// Besides those of run_columns().
const std::vector<Column<RunPage>>& run_page_columns();

base::Json to_json(const RunPage& page);
std::string to_text(const RunPage& page, const View& view);

}  // namespace sched::render
