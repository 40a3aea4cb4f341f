#pragma once

#include "model/dependency.hpp"
#include "model/run.hpp"

#include <optional>

namespace sched::rules {

/// How one edge stands.
enum class EdgeVerdict { open, satisfied, refused };

/// `outcome` and `exit_code` are those of the upstream run; no outcome: it has not ended.
EdgeVerdict judge(const model::Condition& condition, std::optional<model::Outcome> outcome,
                  std::optional<int> exit_code);

/// How all edges of a run stand together.
enum class JoinVerdict {
  open,
  holds,       ///< As far as its edges go, the run may start.
  impossible,  ///< Whatever still comes, it can't: the run is skipped.
};

/// A run without edges may go. A count above the number of edges is impossible.
JoinVerdict judge(const model::Join& join, const model::EdgeCounts& edges);

/// When a waiting run may be queued: empty while its join is open or its task paused.
std::optional<time::Instant> due_at(JoinVerdict join, bool paused, time::Instant not_before);

}  // namespace sched::rules
