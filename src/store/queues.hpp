#pragma once

#include "model/queue.hpp"
#include "store/database.hpp"
#include "store/remembered.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sched::store {

/// How many unfinished runs of a queue stand where.
struct QueueCounts {
  std::int64_t tasks = 0;
  std::int64_t queued = 0;
  std::int64_t running = 0;
  std::int64_t suspended = 0;  ///< Of those that run.
};

/// Queues. Changes want a Transaction around them.
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

 private:
  model::Queue read(Query& query);
  /// Those that are remembered, if they still are as they were read.
  model::Queue* known(model::QueueId id);

  Database& db_;
  // A worker asks for all in each pass, and only its own changes of their turns make them others.
  std::vector<model::Queue> all_;
  std::uint64_t all_version_ = 0;
  Remembered<model::QueuePolicy> policies_;
  Remembered<model::FairShares> fairs_;
};

}  // namespace sched::store
