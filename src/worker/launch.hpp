#pragma once

#include "exec/executor.hpp"
#include "model/run.hpp"
#include "model/task.hpp"

#include <string>

namespace sched::worker {

/// Everything that a launcher must know to carry out this attempt; the command is told by its
/// environment who it is (SCHED_TASK, SCHED_RUN_ID, ...). `slot` counts from 1.
exec::Launch launch_of(const model::Task& task, const model::Run& run, const model::Claim& claim,
                       int slot, const std::string& store);

}  // namespace sched::worker
