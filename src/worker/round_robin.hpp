#pragma once

#include "rules/choose.hpp"
#include "store/store.hpp"

#include <optional>
#include <vector>

namespace sched::worker {

rules::Standing standing_of(const store::Occupant& occupant);

/// Those of a round-robin queue whose slice is over.
struct Over {
  std::vector<store::Occupant> runs;  ///< In the order in which they give way: the first for which
                                      ///< somebody can go, and only that.
  time::Instant since{};
};
std::vector<Over> over_by_queue(store::Store& store, const std::vector<store::Occupant>& all,
                                time::Instant now);

/// So long a turn is left to another worker, whose run has waited the longest. Where that worker
/// has no slot for it, or is no more, the next goes then.
inline constexpr time::Duration k_turn_kept = std::chrono::milliseconds(100);

/// When the next slice is over that somebody waits for; empty: never.
std::optional<time::Instant> next_slice_end(store::Store& store);

}  // namespace sched::worker
