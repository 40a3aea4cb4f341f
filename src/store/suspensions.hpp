#pragma once

#include "model/lane.hpp"
#include "model/run.hpp"
#include "store/database.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sched::store {

/// A run in progress, as far as turns ask.
struct Occupant {
  model::Claim claim;
  model::TaskId task;
  int priority = 0;
  model::Lane lane;
  int choice = 0;
  std::int64_t rank = 0;  ///< That it had in its lane.
  bool cancel_requested = false;
  std::optional<time::Instant> suspended_at;
  time::Instant since{};       ///< From when it has run, or gone on, last.
  time::Instant work_since{};  ///< As if it had run all the time till now without standing still.
  bool displaced = false;      ///< It is being ended, for it gives way.
};

/// A queued run for which others are being ended.
struct Displacing {
  model::RunId run;
  model::LaneId lane;
  model::QueueId queue;
};

/// A run in progress that is being ended for another.
struct GivingWay {
  model::RunId run;
  model::TaskId task;
  time::Instant since{};
};

/// Runs that are suspended: they run, and stand still. Changes want a Transaction around them.
class Suspensions {
 public:
  explicit Suspensions(Database& db) : db_(db) {}

  /// Whether any queue may suspend runs, or any is suspended.
  bool any();
  /// All runs in progress.
  std::vector<Occupant> occupants();
  /// Whether a run is queued that may displace others, as far as its queue goes.
  bool any_may_displace();
  std::vector<Displacing> displacing();
  /// Marks a run in progress to be ended for a queued one, or for want of memory (0); its worker
  /// does that.
  bool displace(model::RunId run, model::RunId by, const std::string& reason, time::Instant now);
  std::vector<GivingWay> giving_way_for(model::RunId by);

  /// Whether a run of the queue is queued or suspended.
  bool any_waits_in(model::QueueId queue);

  /// false when it does not run, or is suspended already; or is not, for resume().
  bool suspend(model::RunId run, const std::string& reason, time::Instant now);
  bool resume(model::RunId run, time::Instant now);

 private:
  Database& db_;
};

}  // namespace sched::store
