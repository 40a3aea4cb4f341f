#pragma once

#include "render/column.hpp"

#include <string>
#include <vector>

namespace sched::render {

/// What looks wrong in the schedule of a task.
struct FindingLine {
  std::string task;
  std::string kind;
  std::string what;
  std::string remedy;
};
const std::vector<Column<FindingLine>>& finding_columns();

/// For eyes: each on its line behind its task, and below it, indented, what mends it.
std::string to_text(const std::vector<FindingLine>& findings, const View& view);

}  // namespace sched::render
