#pragma once

#include "model/needs.hpp"
#include "model/queue.hpp"
#include "store/database.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sched::store {

/// A lane, and how many of its runs run. That is counted from the runs, never kept: nothing that
/// dies can take a slot with it.
struct LaneRow {
  model::LaneId id;
  model::QueueId queue;
  model::Needs needs;
  std::int64_t running = 0;
  std::string guards;  ///< Those of tags and tasks that its runs fall under; see Guards::key_of().
};

/// How many unfinished runs of a queue stand where.
struct QueueCounts {
  std::int64_t tasks = 0;
  std::int64_t queued = 0;
  std::int64_t running = 0;
};

/// Queues and their lanes. Changes want a Transaction around them.
class Queues {
 public:
  explicit Queues(Database& db) : db_(db) {}

  model::QueueId add(const model::Queue& queue);
  void update(const model::Queue& queue);
  void set_turn(const model::Queue& queue);
  /// With its lanes. Its tasks and runs must be gone, or elsewhere.
  void remove(model::QueueId queue);

  std::vector<model::Queue> all();  ///< By id: `default` is the first.
  std::optional<model::Queue> find(const std::string& name);
  model::Queue queue(model::QueueId id);  ///< Throws not_found.
  std::vector<model::TaskId> tasks_of(model::QueueId queue);
  QueueCounts counts(model::QueueId queue);
  bool runs_anything(model::QueueId queue);

  std::vector<LaneRow> lanes();
  /// The lane of this queue for runs with these needs and guards; made when there is none.
  model::LaneId lane_of(model::QueueId queue, const std::string& needs,
                        const std::string& guards = {});
  std::int64_t queued_in(model::LaneId lane);
  /// Removes lanes that nothing is in, those of the queues themselves excepted.
  void remove_empty_lanes();
  /// That of the lane in which the run stood last.
  std::optional<model::QueueId> queue_of_run(model::RunId run);
  /// The lane of a run that runs; how many others of it do is not told.
  std::optional<LaneRow> lane_of_run(model::RunId run);

 private:
  Database& db_;
};

}  // namespace sched::store
