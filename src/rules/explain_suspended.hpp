#pragma once

#include "rules/explain.hpp"

namespace sched::rules {

/// Why a run that is suspended stands still, and what has it go on.
Obstacle explain_suspended(const ExplainFacts& facts, const model::Run& run);

}  // namespace sched::rules
