#pragma once

#include "model/run.hpp"
#include "render/column.hpp"

#include <string>
#include <vector>

namespace sched::render {

/// A run in a list.
struct RunLine {
  model::Run run;
  std::string task;  ///< Its label.
};

const std::vector<Column<RunLine>>& run_columns();

/// "running", or how it ended, in its colour.
Cell state_cell(const model::Run& run);

/// Where its next or last moment stands: "in 5 min", "for 2m 3s", "3 min ago".
std::string when(const model::Run& run, time::Instant now);

/// Why it stands as it does; "" when there is nothing to say.
std::string why(const model::Run& run);

}  // namespace sched::render
