#include "store/tasks.hpp"

#include "store/task_codec.hpp"

#include <fmt/format.h>

namespace sched::store {
namespace {

// Columns of read_task(), in this order.
constexpr const char* k_select =
    "SELECT t.id, t.name, t.key, t.spec, s.body, t.trigger, t.at_ms, t.repeats, t.priority,"
    " t.paused, t.created_at_ms, t.next_at_ms, t.runs_left, t.boot_id, t.awaits_end, t.queue_id,"
    " t.needs, EXISTS (SELECT 1 FROM handlers AS h WHERE h.task_id = t.id)"
    " FROM tasks AS t JOIN surroundings AS s ON s.id = t.surroundings_id WHERE t.id = :id";

void bind_fields(Query& query, const model::Task& task, std::int64_t surroundings) {
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

model::Dependency read_dependency(Query& query) {
  return {query.integer(0), model::TaskId(query.integer(1)), model::TaskId(query.integer(2)),
          model::parse_condition(query.text(3)).value()};
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
  Query query(
      db_,
      "INSERT INTO tasks (name, key, spec, surroundings_id, trigger, at_ms, next_at_ms,"
      " runs_left, boot_id, awaits_end, repeats, queue_id, needs, priority, paused, created_at_ms)"
      " VALUES (:name, :key, :spec, :surroundings, :trigger, :at, :next, :left, :boot,"
      " :awaits_end, :repeats, :queue, :needs, :priority, :paused, :created)");
  bind_fields(query, task, surroundings);
  query.bind(":created", task.created_at).run();
  model::Task written = task;
  written.id = model::TaskId(db_.last_insert_id());
  if (!task.tags.empty()) {
    write_tags(written);
  }
  if (task.breaker) {
    write_breaker(written);
  }
  return written.id;
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
  bind_fields(query, task, surroundings);
  query.bind(":id", task.id.value).run();
  Query(db_, "DELETE FROM tags WHERE task_id = :id").bind(":id", task.id.value).run();
  write_tags(task);
  if (task.breaker) {
    write_breaker(task);
  } else {
    Query(db_, "DELETE FROM guards WHERE task_id = :id").bind(":id", task.id.value).run();
  }
}

void Tasks::write_breaker(const model::Task& task) {
  // By another rule it counts anew; whether it is open does not hang on the rule.
  Query(db_,
        "INSERT INTO guards (task_id, breaker, cooldown_ms) VALUES (:task, :breaker, :cooldown)"
        " ON CONFLICT (task_id) DO UPDATE SET cooldown_ms = excluded.cooldown_ms,"
        " in_a_row = CASE WHEN breaker = excluded.breaker THEN in_a_row ELSE 0 END,"
        " recent = CASE WHEN breaker = excluded.breaker THEN recent ELSE '' END,"
        " breaker = excluded.breaker")
      .bind(":task", task.id.value)
      .bind(":breaker", model::to_string(*task.breaker))
      .bind(":cooldown", task.breaker_cooldown.count())
      .run();
}

void Tasks::write_tags(const model::Task& task) {
  for (const std::string& tag : task.tags) {
    Query(db_, "INSERT INTO tags (tag, task_id) VALUES (:tag, :task) ON CONFLICT DO NOTHING")
        .bind(":tag", tag)
        .bind(":task", task.id.value)
        .run();
  }
}

void Tasks::set_paused(model::TaskId task, bool paused) {
  Query(db_, "UPDATE tasks SET paused = :paused WHERE id = :id")
      .bind(":paused", paused ? 1 : 0)
      .bind(":id", task.value)
      .run();
}

void Tasks::remove(model::TaskId task) {
  Query(db_,
        "DELETE FROM bindings WHERE upstream_run_id IN (SELECT id FROM runs WHERE task_id = :id)")
      .bind(":id", task.value)
      .run();
  Query(db_, "DELETE FROM tasks WHERE id = :id").bind(":id", task.value).run();
}

std::optional<model::Task> Tasks::find(model::TaskId id) {
  model::Task task;
  {
    Query query(db_, k_select);
    if (!query.bind(":id", id.value).step()) {
      return std::nullopt;
    }
    task = specs_.of(query.text(3), [](const std::string& spec) {
      model::Task read;
      read_spec(spec, read);
      return read;
    });
    task.id = model::TaskId(query.integer(0));
    task.name = query.text(1);
    task.key = query.text(2);
    if (const std::string_view body = query.view(4); body != last_body_) {
      last_read_ = read_surroundings(std::string(body));
      last_body_ = body;
    }
    task.surroundings = last_read_;
    task.trigger = model::parse_trigger_kind(query.text(5)).value_or(model::TriggerKind::once);
    task.at = query.find_instant(6);
    task.repeats = query.integer(7) != 0;
    task.priority = static_cast<int>(query.integer(8));
    task.paused = query.integer(9) != 0;
    task.created_at = query.instant(10);
    task.next_at = query.find_instant(11);
    if (const auto left = query.find_integer(12)) {
      task.runs_left = static_cast<int>(*left);
    }
    task.boot_id = query.text(13);
    task.awaits_end = query.integer(14) != 0;
    task.queue = model::QueueId(query.integer(15));
    task.needs = model::read_needs(query.text(16));
    task.has_handlers = query.integer(17) != 0;
  }
  Query tags(db_, "SELECT tag FROM tags WHERE task_id = :id ORDER BY tag");
  tags.bind(":id", id.value);
  while (tags.step()) {
    task.tags.push_back(tags.text(0));
  }
  return task;
}

model::Task Tasks::task(model::TaskId id) {
  auto found = find(id);
  if (!found) {
    throw base::Error(base::ErrorKind::not_found, fmt::format("there is no task-{}", id.value));
  }
  return std::move(*found);
}

std::optional<model::TaskId> Tasks::find_by_name(const std::string& name) {
  Query query(db_, "SELECT id FROM tasks WHERE name = :name");
  return query.bind(":name", name).step() ? std::optional(model::TaskId(query.integer(0)))
                                          : std::nullopt;
}

std::optional<model::TaskId> Tasks::find_by_key(const std::string& key) {
  Query query(db_, "SELECT id FROM tasks WHERE key = :key");
  return query.bind(":key", key).step() ? std::optional(model::TaskId(query.integer(0)))
                                        : std::nullopt;
}

bool Tasks::exists(model::TaskId id) {
  return Query(db_, "SELECT 1 FROM tasks WHERE id = :id").bind(":id", id.value).step();
}

std::vector<model::TaskId> Tasks::ids() {
  Query query(db_, "SELECT id FROM tasks ORDER BY id");
  std::vector<model::TaskId> found;
  while (query.step()) {
    found.emplace_back(query.integer(0));
  }
  return found;
}

std::optional<model::TaskId> Tasks::newest() {
  Query query(db_, "SELECT id FROM tasks ORDER BY id DESC LIMIT 1");
  return query.step() ? std::optional(model::TaskId(query.integer(0))) : std::nullopt;
}

std::string Tasks::label(model::TaskId id) {
  Query query(db_, "SELECT name FROM tasks WHERE id = :id");
  return model::label(id, query.bind(":id", id.value).step() ? query.text(0) : std::string());
}

std::vector<std::string> Tasks::names(int limit) {
  Query query(db_, "SELECT name FROM tasks WHERE name IS NOT NULL ORDER BY id DESC LIMIT :limit");
  query.bind(":limit", limit);
  std::vector<std::string> names;
  while (query.step()) {
    names.push_back(query.text(0));
  }
  return names;
}

std::vector<std::string> Tasks::tags(int limit) {
  Query query(db_, "SELECT DISTINCT tag FROM tags ORDER BY tag LIMIT :limit");
  query.bind(":limit", limit);
  std::vector<std::string> tags;
  while (query.step()) {
    tags.push_back(query.text(0));
  }
  return tags;
}

std::int64_t Tasks::add_dependency(const model::Dependency& dependency) {
  const std::string condition = model::to_string(dependency.condition);
  const int added = Query(db_,
                          "INSERT INTO dependencies (task_id, upstream_id, condition)"
                          " VALUES (:task, :upstream, :condition) ON CONFLICT DO NOTHING")
                        .bind(":task", dependency.task.value)
                        .bind(":upstream", dependency.upstream.value)
                        .bind(":condition", condition)
                        .run();
  if (added == 1) {
    return db_.last_insert_id();
  }
  Query query(db_,
              "SELECT id FROM dependencies WHERE task_id = :task AND upstream_id = :upstream"
              " AND condition = :condition");
  query.bind(":task", dependency.task.value)
      .bind(":upstream", dependency.upstream.value)
      .bind(":condition", condition)
      .step();
  return query.integer(0);
}

void Tasks::remove_dependency(std::int64_t id) {
  Query(db_, "DELETE FROM dependencies WHERE id = :id").bind(":id", id).run();
}

std::vector<model::Dependency> Tasks::upstream_of(model::TaskId task) {
  Query query(db_,
              "SELECT id, task_id, upstream_id, condition FROM dependencies"
              " WHERE task_id = :task ORDER BY id");
  query.bind(":task", task.value);
  std::vector<model::Dependency> found;
  while (query.step()) {
    found.push_back(read_dependency(query));
  }
  return found;
}

std::vector<model::Dependency> Tasks::downstream_of(model::TaskId task) {
  Query query(db_,
              "SELECT id, task_id, upstream_id, condition FROM dependencies"
              " WHERE upstream_id = :task ORDER BY id");
  query.bind(":task", task.value);
  std::vector<model::Dependency> found;
  while (query.step()) {
    found.push_back(read_dependency(query));
  }
  return found;
}

}  // namespace sched::store
