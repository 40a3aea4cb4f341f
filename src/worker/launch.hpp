#pragma once

#include "exec/executor.hpp"
#include "model/run.hpp"
#include "model/task.hpp"

#include <string>

namespace sched::worker {

/// Where an attempt runs, as its command is told.
struct Place {
  std::string store;
  std::string queue;
  int choice = 0;  ///< Which of its alternatives it got.
};

/// Everything that a launcher must know to carry out this attempt; the command is told by its
/// environment who it is (SCHED_TASK, SCHED_RUN_ID, ...).
exec::Launch launch_of(const model::Task& task, const model::Run& run, const model::Claim& claim,
                       const Place& place);

}  // namespace sched::worker
