#pragma once

#include "model/ids.hpp"
#include "render/column.hpp"
#include "time/zone.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sched::render {

/// A firing to come, of a task or of an expression that is no task's.
struct FiringLine {
  time::Instant at;
  time::Zone zone;  ///< In which its timer reads the clock.
  std::optional<model::TaskId> id;
  std::string task;  ///< Its label; "" for none.
};

const std::vector<Column<FiringLine>>& firing_columns();

}  // namespace sched::render
