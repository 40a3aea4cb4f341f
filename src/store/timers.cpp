#include "store/timers.hpp"

namespace sched::store {
namespace {

std::vector<model::TaskId> ids_of(Query& query) {
  std::vector<model::TaskId> found;
  while (query.step()) {
    found.emplace_back(query.integer(0));
  }
  return found;
}

}  // namespace

std::vector<model::TaskId> Timers::due(time::Instant now, int limit) {
  // Through tasks_next.
  Query query(db_,
              "SELECT id FROM tasks WHERE next_at_ms IS NOT NULL AND paused = 0"
              " AND next_at_ms <= :now ORDER BY next_at_ms LIMIT :limit");
  query.bind(":now", now).bind(":limit", limit);
  return ids_of(query);
}

std::vector<model::TaskId> Timers::waiting() {
  Query query(db_, "SELECT id FROM tasks WHERE next_at_ms IS NOT NULL");
  return ids_of(query);
}

std::optional<time::Instant> Timers::last_addition() {
  Query query(db_,
              "SELECT max(at) FROM"
              " (SELECT * FROM (SELECT created_at_ms AS at FROM runs ORDER BY id DESC LIMIT 1)"
              " UNION ALL"
              " SELECT * FROM (SELECT created_at_ms AS at FROM tasks ORDER BY id DESC LIMIT 1))");
  return query.step() && !query.is_null(0) ? std::optional(query.instant(0)) : std::nullopt;
}

std::optional<time::Instant> Timers::next() {
  Query query(db_,
              "SELECT next_at_ms FROM tasks WHERE next_at_ms IS NOT NULL AND paused = 0"
              " ORDER BY next_at_ms LIMIT 1");
  return query.step() ? std::optional(query.instant(0)) : std::nullopt;
}

void Timers::set_next(model::TaskId task, std::optional<time::Instant> next,
                      std::optional<int> runs_left) {
  Query(db_,
        "UPDATE tasks SET next_at_ms = :next, runs_left = :left, awaits_end = 0 WHERE id = :id")
      .bind_or_null(":next", next)
      .bind_or_null(":left", runs_left)
      .bind(":id", task.value)
      .run();
}

void Timers::await_end(model::TaskId task, std::optional<int> runs_left) {
  Query(db_, "UPDATE tasks SET next_at_ms = NULL, runs_left = :left, awaits_end = 1 WHERE id = :id")
      .bind_or_null(":left", runs_left)
      .bind(":id", task.value)
      .run();
}

std::vector<model::TaskId> Timers::ended(int limit) {
  // Through tasks_awaiting, which holds no more than what is running or waits for its end.
  Query query(db_,
              "SELECT t.id FROM tasks AS t WHERE t.awaits_end = 1 AND NOT EXISTS (SELECT 1"
              " FROM runs AS r WHERE r.task_id = t.id AND r.state <> 'finished') LIMIT :limit");
  query.bind(":limit", limit);
  return ids_of(query);
}

std::vector<model::TaskId> Timers::not_fired_in(const std::string& boot, int limit) {
  Query query(db_,
              "SELECT id FROM tasks WHERE boot_id IS NOT NULL AND boot_id <> :boot AND paused = 0"
              " LIMIT :limit");
  query.bind(":boot", boot).bind(":limit", limit);
  return ids_of(query);
}

void Timers::set_boot(model::TaskId task, const std::string& boot) {
  Query(db_, "UPDATE tasks SET boot_id = :boot WHERE id = :id")
      .bind(":boot", boot)
      .bind(":id", task.value)
      .run();
}

}  // namespace sched::store
