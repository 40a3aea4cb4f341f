#pragma once

#include "base/result.hpp"
#include "model/fair.hpp"
#include "model/ids.hpp"
#include "model/preempt.hpp"
#include "time/instant.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sched::model {

/// It is always there, and is that of every task that names none.
inline constexpr QueueId k_default_queue{1};
inline constexpr LaneId k_default_lane{1};

/// In which order the runs of a queue go. Each run has a moment from which it waits, and the
/// earliest goes first; a key moves that moment by a fixed amount. So keys add up, the place of a
/// run never changes while it waits, and nothing starves: who comes late enough comes behind.
/// `fair` stands before them: the share that has had the least goes first, and they order its runs.
struct QueuePolicy {
  bool priority = false;  ///< A point of priority counts like `ageing` of waiting.
  bool shortest = false;  ///< What is short counts as if it had waited for longer.
  bool deadline =
      false;  ///< The moment is the run's deadline, in place of that from which it waits.
  bool fair = false;
  bool round_robin = false;  ///< They take turns of a slice each; alone, the earliest is the next.
  bool operator==(const QueuePolicy&) const = default;
};

/// Reads "fifo", or keys with commas between: "priority,deadline".
base::Result<QueuePolicy> parse_queue_policy(std::string_view text);
std::string to_string(const QueuePolicy& policy);

enum class QueueState {
  open,
  paused,    ///< Nothing of it starts.
  draining,  ///< It takes no further tasks; what it has goes on.
};
const char* to_string(QueueState state);
std::optional<QueueState> parse_queue_state(std::string_view text);

/// Where a queue stands in the turns that queues take; see rules/turns.hpp.
struct QueueTurn {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  bool operator==(const QueueTurn&) const = default;
};

constexpr time::Duration k_default_slice = std::chrono::seconds(30);
constexpr time::Duration k_default_ageing = std::chrono::minutes(10);

/// Where runs wait for their turn.
struct Queue {
  QueueId id;
  std::string name;
  QueueState state = QueueState::open;
  int slots = 0;  ///< Runs of it at a time, whoever works on them; 0 is any number.
  int guaranteed =
      0;           ///< So many of its runs go before those of others; who needs none lends them.
  int weight = 1;  ///< Its share beside others that have runs waiting; 1 to 1000.
  QueuePolicy policy{true};
  std::optional<time::Duration> ageing = k_default_ageing;  ///< Empty: priority is never made up.
  /// What a new task of it gets that does not say otherwise: fields of `add` and their values.
  std::vector<std::pair<std::string, std::string>> defaults;
  FairShares fair;
  /// Runs of which nobody knows how long they take may take what is kept for its first.
  bool eager_backfill = false;
  time::Duration slice = k_default_slice;  ///< With round-robin: how long a run's turn is.
  Preempt preempt = Preempt::none;         ///< What its runs do to those that give way to them.
  QueueTurn turn;
  time::Instant created_at{};
};

}  // namespace sched::model
