#pragma once

#include "model/needs.hpp"
#include "time/instant.hpp"

#include <cstdint>
#include <string>

namespace sched::model {

/// Something counted: licences, megabits, gigabytes. All workers of a store share it.
struct Resource {
  std::string name;
  std::int64_t capacity = k_one;  ///< In thousandths.
  time::Instant created_at{};
};

}  // namespace sched::model
