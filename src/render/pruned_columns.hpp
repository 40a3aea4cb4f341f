#pragma once

#include "model/ids.hpp"
#include "model/outcome.hpp"
#include "render/column.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sched::render {

/// A run that `prune` removes.
struct PrunedLine {
  model::RunId run;
  std::string task;
  model::Outcome outcome = model::Outcome::succeeded;
  time::Instant finished_at{};
  std::uint64_t log_bytes = 0;
  bool with_task = false;
};
const std::vector<Column<PrunedLine>>& pruned_columns();

}  // namespace sched::render
