#pragma once

#include "rules/explain.hpp"

#include <vector>

namespace sched::rules {

// The obstacles of a run that might start as far as its moment and its edges go.

/// "3 queued runs of its queue go first".
std::string place_in_queue(const ExplainFacts& facts);

/// Whom it displaces, as long as they run.
void add_giving_way(const ExplainFacts& facts, std::vector<Obstacle>& found);

/// Those of its queue, and of what it needs beside a slot.
void add_queue(const ExplainFacts& facts, const model::Run& run, std::vector<Obstacle>& found);

/// Slots of the workers; says that it is about to start where nothing was found.
void add_room(const ExplainFacts& facts, const model::Run& run, std::vector<Obstacle>& found);
/// When a queued run that only waits for others is expected to start.
void add_expected_start(const ExplainFacts& facts, const model::Run& run,
                        std::vector<Obstacle>& found);

}  // namespace sched::rules
