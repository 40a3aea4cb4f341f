#pragma once

#include "model/guard.hpp"
#include "store/database.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sched::store {

/// Rates and breakers, and how they stand. Changes want a Transaction around them.
class Guards {
 public:
  explicit Guards(Database& db) : db_(db) {}

  bool any();
  std::vector<model::Guard> all();  ///< By scope and name.
  /// Those that may bound what starts: all of queues, resources and tags, and of tasks those whose
  /// breaker is open. A task's breaker that is closed costs nothing.
  std::vector<model::Guard> active();

  std::optional<model::Guard> of_task(model::TaskId task);
  std::optional<model::Guard> of_queue(model::QueueId queue);
  std::optional<model::Guard> of_resource(const std::string& name);
  std::optional<model::Guard> of_tag(const std::string& tag);

  /// Writes rate and breaker of a guard that is no task's (see Tasks for those), or removes it when
  /// it has neither. How it stands is written too.
  void put(const model::Guard& guard);
  /// How it stands, and nothing else.
  void set_standing(const model::Guard& guard);

  /// The guards of tags and tasks that the runs of a task fall under, those of active(); equal ones
  /// have one text.
  std::string key_of(model::TaskId task);
  std::vector<model::TaskId> tasks_with(const std::string& tag);

 private:
  Database& db_;
};

/// Reads a key.
std::vector<model::GuardId> read_guard_key(const std::string& key);

}  // namespace sched::store
