#pragma once

#include "model/ids.hpp"
#include "render/column.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sched::render {

/// What an attempt wrote to one stream.
struct LogLine {
  model::RunId run;
  int attempt = 0;
  std::string stream;  ///< "stdout" or "stderr".
  std::string text;
  std::uint64_t dropped_bytes = 0;
};
const std::vector<Column<LogLine>>& log_columns();

}  // namespace sched::render
