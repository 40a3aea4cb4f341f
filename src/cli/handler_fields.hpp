#pragma once

#include "cli/draft.hpp"

namespace sched::cli {

/// What can be said of what follows the ends of a task's runs, in the order of `sched add --help`.
const std::vector<TaskField>& handler_fields();

}  // namespace sched::cli
