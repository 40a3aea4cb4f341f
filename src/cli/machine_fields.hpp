#pragma once

#include "cli/draft.hpp"

namespace sched::cli {

/// What a task says of the machine while it runs: CPUs, disks, memory, what is watched, and what
/// stands before its command.
const std::vector<TaskField>& machine_fields();

/// What it must have beside a slot before it starts: resources, locks, room on disks.
const std::vector<TaskField>& need_fields();

}  // namespace sched::cli
