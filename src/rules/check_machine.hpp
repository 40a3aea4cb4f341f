#pragma once

#include "model/task.hpp"

#include <string>
#include <vector>

namespace sched::rules {

/// What of a task's limits and their growth has no effect, to be warned of.
std::vector<std::string> check_machine(const model::Task& task);

}  // namespace sched::rules
