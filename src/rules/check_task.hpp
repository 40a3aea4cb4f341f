#pragma once

#include "base/error.hpp"
#include "model/task.hpp"

#include <cstddef>
#include <vector>

namespace sched::rules {

/// What is wrong with a task, or odd about it.
struct TaskComplaints {
  std::vector<base::Error> errors;    ///< All at once; empty: it can be kept.
  std::vector<std::string> warnings;  ///< It can be kept, but hardly as it was meant.
};

/// `edges` is how many dependencies it has.
TaskComplaints check_task(const model::Task& task, std::size_t edges);

}  // namespace sched::rules
