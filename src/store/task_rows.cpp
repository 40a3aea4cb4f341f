// Tasks as they are written.
#include "store/many_rows.hpp"
#include "store/task_codec.hpp"
#include "store/tasks.hpp"

namespace sched::store {
namespace {

// Columns of bind_task() and the moment, in this order.
#define SCHED_NEW_TASKS                                                                         \
  "INSERT INTO tasks (name, key, spec, surroundings_id, trigger, at_ms, next_at_ms, runs_left," \
  " boot_id, awaits_end, repeats, queue_id, needs, priority, paused, created_at_ms) VALUES "

void bind_task(Query& query, const model::Task& task, std::int64_t surroundings) {
  query.bind_or_null(":name", task.name)
      .bind_or_null(":key", task.key)
      .bind(":spec", spec_of(task))
      .bind(":surroundings", surroundings)
      .bind(":trigger", model::to_string(task.trigger))
      .bind_or_null(":at", task.at)
      .bind_or_null(":next", task.next_at)
      .bind_or_null(":left", task.runs_left)
      .bind_or_null(":boot", task.boot_id)
      .bind(":awaits_end", task.awaits_end ? 1 : 0)
      .bind(":repeats", task.repeats ? 1 : 0)
      .bind(":queue", task.queue.value)
      .bind_or_null(":needs", model::write_needs(task.needs))
      .bind(":priority", task.priority)
      .bind(":paused", task.paused ? 1 : 0);
}

}  // namespace

std::int64_t Tasks::surroundings_id(const model::Surroundings& surroundings) {
  if (surroundings == last_surroundings_) {
    return last_surroundings_id_;
  }
  const std::string body = body_of(surroundings);
  Query(db_, "INSERT INTO surroundings (body) VALUES (:body) ON CONFLICT DO NOTHING")
      .bind(":body", body)
      .run();
  Query query(db_, "SELECT id FROM surroundings WHERE body = :body");
  query.bind(":body", body).step();
  last_surroundings_id_ = query.integer(0);
  last_surroundings_ = surroundings;
  return last_surroundings_id_;
}

model::TaskId Tasks::add(const model::Task& task) {
  const std::int64_t surroundings = surroundings_id(task.surroundings);
  Query query(db_, SCHED_NEW_TASKS
              "(:name, :key, :spec, :surroundings, :trigger, :at, :next, :left, :boot,"
              " :awaits_end, :repeats, :queue, :needs, :priority, :paused, :created)");
  bind_task(query, task, surroundings);
  query.bind(":created", task.created_at).run();
  const model::TaskId id(db_.last_insert_id());
  write_beside(id, task);
  return id;
}

void Tasks::add(const std::vector<model::Task*>& tasks) {
  const auto many = [&](std::size_t first) {
    Query query(db_, SCHED_NEW_TASKS SCHED_ROWS_AT_ONCE(
                         "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    for (std::size_t i = first; i < first + k_rows_at_once; ++i) {
      bind_task(query, *tasks[i], surroundings_id(tasks[i]->surroundings));
      query.bind(":created", tasks[i]->created_at);
    }
    query.run();
    // One statement draws its numbers one after the other.
    std::int64_t id = db_.last_insert_id() - static_cast<std::int64_t>(k_rows_at_once);
    for (std::size_t i = first; i < first + k_rows_at_once; ++i) {
      tasks[i]->id = model::TaskId(++id);
      write_beside(tasks[i]->id, *tasks[i]);
    }
  };
  in_rows_at_once(tasks.size(), many, [&](std::size_t i) { tasks[i]->id = add(*tasks[i]); });
}

void Tasks::write_beside(model::TaskId id, const model::Task& task) {
  if (!task.tags.empty()) {
    write_tags(id, task);
  }
  if (task.breaker) {
    write_breaker(id, task);
  }
}

void Tasks::update(const model::Task& task) {
  const std::int64_t surroundings = surroundings_id(task.surroundings);
  Query query(db_,
              "UPDATE tasks SET name = :name, key = :key, spec = :spec,"
              " surroundings_id = :surroundings, trigger = :trigger, at_ms = :at,"
              " next_at_ms = :next, runs_left = :left, boot_id = :boot,"
              " awaits_end = :awaits_end,"
              " repeats = :repeats, queue_id = :queue, needs = :needs, priority = :priority, "
              "paused = :paused "
              "WHERE id = :id");
  bind_task(query, task, surroundings);
  query.bind(":id", task.id.value).run();
  Query(db_, "DELETE FROM tags WHERE task_id = :id").bind(":id", task.id.value).run();
  write_tags(task.id, task);
  if (task.breaker) {
    write_breaker(task.id, task);
  } else {
    Query(db_, "DELETE FROM guards WHERE task_id = :id").bind(":id", task.id.value).run();
  }
}

void Tasks::write_breaker(model::TaskId id, const model::Task& task) {
  // By another rule it counts anew; whether it is open does not hang on the rule.
  Query(db_,
        "INSERT INTO guards (task_id, breaker, cooldown_ms) VALUES (:task, :breaker, :cooldown)"
        " ON CONFLICT (task_id) DO UPDATE SET cooldown_ms = excluded.cooldown_ms,"
        " in_a_row = CASE WHEN breaker = excluded.breaker THEN in_a_row ELSE 0 END,"
        " recent = CASE WHEN breaker = excluded.breaker THEN recent ELSE '' END,"
        " breaker = excluded.breaker")
      .bind(":task", id.value)
      .bind(":breaker", model::to_string(*task.breaker))
      .bind(":cooldown", task.breaker_cooldown.count())
      .run();
}

void Tasks::write_tags(model::TaskId id, const model::Task& task) {
  for (const std::string& tag : task.tags) {
    Query(db_, "INSERT INTO tags (tag, task_id) VALUES (:tag, :task) ON CONFLICT DO NOTHING")
        .bind(":tag", tag)
        .bind(":task", id.value)
        .run();
  }
}

}  // namespace sched::store
