#pragma once

#include "model/task.hpp"
#include "store/database.hpp"
#include "store/remembered.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sched::store {

/// Tasks and the edges between them. Changes want a Transaction around them.
class Tasks {
 public:
  explicit Tasks(Database& db) : db_(db) {}

  /// Writes the task; its id is drawn here and comes back. A name or key that is taken is refused
  /// by the schema: look before.
  model::TaskId add(const model::Task& task);
  /// The same with many, and puts its id into each.
  void add(const std::vector<model::Task*>& tasks);
  /// Writes all fields of a task that exists.
  void update(const model::Task& task);
  void set_paused(model::TaskId task, bool paused);
  /// Removes the task with its runs, attempts and edges.
  void remove(model::TaskId task);

  std::optional<model::Task> find(model::TaskId id);
  model::Task task(model::TaskId id);  ///< Throws not_found.
  std::optional<model::TaskId> find_by_name(const std::string& name);
  std::optional<model::TaskId> find_by_key(const std::string& key);
  bool exists(model::TaskId id);
  std::vector<model::TaskId> ids();  ///< Of all tasks, oldest first.
  std::optional<model::TaskId> newest();
  /// "backup" or "task-17".
  std::string label(model::TaskId id);
  /// All names, for completion and for "did you mean", newest first.
  std::vector<std::string> names(int limit);
  std::vector<std::string> tags(int limit);  ///< Each once.

  /// Its row, which may be there already.
  std::int64_t add_dependency(const model::Dependency& dependency);
  void remove_dependency(std::int64_t id);
  std::vector<model::Dependency> upstream_of(model::TaskId task);    ///< What it comes after.
  std::vector<model::Dependency> downstream_of(model::TaskId task);  ///< What comes after it.

 private:
  void write_beside(model::TaskId id, const model::Task& task);
  void write_tags(model::TaskId id, const model::Task& task);
  void write_breaker(model::TaskId id, const model::Task& task);
  std::int64_t surroundings_id(const model::Surroundings& surroundings);

  Database& db_;
  // Tasks share theirs by the thousand: what was written last and read last is not done again.
  std::optional<model::Surroundings> last_surroundings_;
  std::int64_t last_surroundings_id_ = 0;
  std::string last_body_;
  model::Surroundings last_read_;
  Remembered<model::Task, 1024> specs_;  ///< What of a task is in its specification.
};

}  // namespace sched::store
