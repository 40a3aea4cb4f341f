#pragma once

#include "model/resource.hpp"
#include "render/column.hpp"
#include "render/guard_columns.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sched::render {

/// A resource, or a lock that somebody holds or waits for.
struct ResourceLine {
  std::string name;
  bool is_lock = false;
  std::int64_t capacity = 0;  ///< In thousandths; of a lock 0.
  std::int64_t used = 0;      ///< The same; of a lock how many hold it, in thousandths too.
  std::int64_t queued = 0;    ///< Queued runs that want it.
  std::optional<GuardLine> guard;
};
const std::vector<Column<ResourceLine>>& resource_columns();

}  // namespace sched::render
