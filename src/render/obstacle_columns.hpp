#pragma once

#include "render/column.hpp"

#include <string>
#include <vector>

namespace sched::render {

/// What stands between a run and its start.
struct ObstacleLine {
  std::string kind;
  std::string what;
  std::string remove;
};
const std::vector<Column<ObstacleLine>>& obstacle_columns();

/// For eyes: each on its line, and below it, indented, what takes it away.
std::string to_text(const std::vector<ObstacleLine>& obstacles, const View& view);

}  // namespace sched::render
