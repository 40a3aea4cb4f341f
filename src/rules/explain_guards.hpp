#pragma once

#include "rules/explain.hpp"

#include <vector>

namespace sched::rules {

/// The rates and breakers that keep a queued run from starting now.
void add_guards(const ExplainFacts& facts, const model::Run& run, std::vector<Obstacle>& found);

}  // namespace sched::rules
