#pragma once

#include "cli/draft.hpp"

#include <vector>

namespace sched::cli {

/// --breaker and --breaker-cooldown of a task.
const std::vector<TaskField>& breaker_fields();

}  // namespace sched::cli
