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

model::Dependency read_dependency(Query& query) {
  return {query.integer(0), model::TaskId(query.integer(1)), model::TaskId(query.integer(2)),
          model::parse_condition(query.text(3)).value()};
}

}  // namespace

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
