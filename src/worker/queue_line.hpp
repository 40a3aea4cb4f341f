#pragma once

#include "store/store.hpp"

#include <vector>

namespace sched::worker {

/// The queued runs of a queue in the order in which they go, as far as limits let them: at most
/// `limit`. In a fair queue those of the first thousand by rank, if each takes as long as usual.
std::vector<store::RunRow> line_of(store::Store& store, const model::Queue& queue, int limit,
                                   time::Instant now);

}  // namespace sched::worker
