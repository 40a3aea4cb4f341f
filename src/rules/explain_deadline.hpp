#pragma once

#include "rules/explain.hpp"

#include <vector>

namespace sched::rules {

/// What is to be told of the deadlines of an unfinished run; nothing where it has none.
void add_deadlines(const ExplainFacts& facts, const model::Run& run, std::vector<Obstacle>& found);

}  // namespace sched::rules
