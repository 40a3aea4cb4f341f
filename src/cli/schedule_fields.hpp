#pragma once

#include "cli/draft.hpp"

namespace sched::cli {

/// What can be said of when a task fires, in the order of `sched add --help`.
const std::vector<TaskField>& schedule_fields();

}  // namespace sched::cli
