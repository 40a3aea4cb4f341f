#pragma once

#include "model/ending.hpp"
#include "model/outcome.hpp"
#include "model/task.hpp"

#include <string>

namespace sched::rules {

/// How an attempt that ended so counts. Not for Kind::not_begun, which does not count.
model::Outcome outcome_of(const model::Ending& ending);

/// One line for a person: "exit 3", "cpu limit of 60s reached", "no such program: 'mke'".
std::string reason_of(const model::Ending& ending, const model::Task& task);

}  // namespace sched::rules
