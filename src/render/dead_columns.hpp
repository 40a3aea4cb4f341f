#pragma once

#include "render/column.hpp"
#include "render/run_columns.hpp"

#include <string>
#include <vector>

namespace sched::render {

/// A run that ended badly for good, with the last that it said.
struct DeadLine {
  RunLine line;
  int tries = 1;                    ///< Attempts that its task allows.
  std::vector<std::string> output;  ///< Its last lines, the oldest first.
};
/// Besides those of run_columns().
const std::vector<Column<DeadLine>>& dead_columns();

base::Json to_json(const DeadLine& dead);
/// Those of a list, in a table.
std::string to_table(const std::vector<DeadLine>& dead, const View& view);
/// One, whole, with what may be done about it.
std::string to_text(const DeadLine& dead, const View& view);

}  // namespace sched::render
