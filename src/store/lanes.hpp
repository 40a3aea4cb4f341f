#pragma once

#include "model/fair.hpp"
#include "model/lane.hpp"
#include "store/database.hpp"
#include "store/remembered.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sched::store {

/// A run of a lane that runs.
struct LaneRunner {
  model::TaskId task;
  time::Instant started_at{};  ///< Later by as long as it stood still.
};

/// The lanes in which the runs of queues stand, what of them runs, and what the shares of fair
/// queues have had. Changes want a Transaction around them.
class Lanes {
 public:
  explicit Lanes(Database& db) : db_(db) {}

  std::vector<model::Lane> all();
  std::vector<model::Lane> of_queue(model::QueueId queue);
  /// The lane in which the run stood last, and which of its choices it got.
  std::optional<model::LaneLoad> of_run(model::RunId run);
  /// The lane of this queue for runs with these needs, share and guards; made when there is none.
  model::LaneId with(model::QueueId queue, const std::string& needs, const std::string& share,
                     const std::string& guards);
  /// Removes those that nothing is in, those of the queues themselves excepted.
  void remove_empty();

  std::int64_t queued_in(model::LaneId lane);
  /// What runs. That is counted from the runs, never kept: nothing that dies can take a slot with
  /// it.
  std::vector<model::LaneLoad> loads(time::Instant now);
  std::vector<LaneRunner> runners(const model::LaneLoad& load);

  /// By share.
  std::map<std::string, model::ShareUse> uses_of(model::QueueId queue);
  void set_use(model::QueueId queue, const std::string& share, const model::ShareUse& use);

 private:
  model::Lane read(Query& query);
  std::vector<model::Lane> read_all(Query& query);

  Database& db_;
  Remembered<model::Needs> needs_;
  // A row is never changed, only made and removed.
  std::map<model::QueueId, std::vector<model::Lane>> of_queues_;
  std::size_t lanes_remembered_ = 0;
  std::uint64_t remembered_version_ = 0;
};

}  // namespace sched::store
