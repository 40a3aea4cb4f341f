#pragma once

#include "exec/executor.hpp"
#include "model/handler.hpp"
#include "model/run.hpp"
#include "model/task.hpp"

#include <optional>
#include <string>

namespace sched::worker {

/// Where an attempt runs, as its command is told.
struct Place {
  std::string store;
  std::string queue;
  int choice = 0;  ///< Which of its alternatives it got.
};

/// Everything that a launcher must know to carry out this attempt; the command is told by its
/// environment who it is (SCHED_TASK, SCHED_RUN_ID, ...), and a handler for which end it runs
/// (SCHED_FOR_TASK, ...).
exec::Launch launch_of(const model::Task& task, const model::Run& run, const model::Claim& claim,
                       const Place& place, const std::optional<model::Cause>& cause = {});

}  // namespace sched::worker
