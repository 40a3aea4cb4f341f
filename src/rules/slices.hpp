#pragma once

#include "time/instant.hpp"

#include <optional>
#include <vector>

namespace sched::rules {

// Runs of a round-robin queue take turns of a slice each. The one that has run the longest at a
// stretch gives way first, when its slice is over and somebody waits; between two that give way
// lies a slice divided by the number that run, so that turns are spread evenly and each is a whole
// slice. With n runs and m slots each comes to run within n/m slices.

/// When the next has to give way, if somebody waits. `running_since`: from when each of the queue
/// runs at a stretch; `last_stop`: when one of it was stopped last. Empty: none runs.
std::optional<time::Instant> slice_end(time::Duration slice,
                                       const std::vector<time::Instant>& running_since,
                                       const std::optional<time::Instant>& last_stop);

}  // namespace sched::rules
