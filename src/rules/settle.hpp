#pragma once

#include "model/run.hpp"
#include "model/settlement.hpp"
#include "model/task.hpp"

namespace sched::rules {

/// All that follows for `run` from the end of its attempt: the outcome of the attempt, and then
/// either the end of the run, a further attempt and its moment, or the attempt handed back.
model::Settlement settle(const model::Task& task, const model::Run& run, const model::Claim& claim,
                         const model::Ending& ending, time::Instant now);

}  // namespace sched::rules
