#pragma once

#include "rules/choose.hpp"
#include "store/store.hpp"

#include <optional>
#include <vector>

namespace sched::worker {

rules::Standing standing_of(const store::Occupant& occupant);

/// Those whose slice is over in round-robin queues, in the order in which they give way: of each
/// queue one only, the first for which somebody can go.
std::vector<std::vector<store::Occupant>> over_by_queue(store::Store& store,
                                                        const std::vector<store::Occupant>& all,
                                                        time::Instant now);

/// When the next slice is over that somebody waits for; empty: never.
std::optional<time::Instant> next_slice_end(store::Store& store);

}  // namespace sched::worker
