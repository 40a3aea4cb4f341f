#include "store/guards.hpp"

#include "base/text.hpp"
#include "model/task.hpp"

namespace sched::store {
namespace {

// Columns of read_guard(), in this order.
#define SCHED_GUARDS                                                                             \
  "SELECT g.id, g.task_id, g.queue_id, g.resource, g.tag, t.name, q.name, g.rate, g.burst,"      \
  " g.full_at_us, g.breaker, g.cooldown_ms, g.open, g.in_a_row, g.recent, g.opened_at_ms,"       \
  " g.open_for_ms, g.why, g.probe_run_id, g.probe_attempt, g.open = 1 AND EXISTS (SELECT 1 FROM" \
  " runs AS r WHERE r.id = g.probe_run_id AND r.state = 'running'"                               \
  " AND r.attempts = g.probe_attempt) FROM guards AS g"                                          \
  " LEFT JOIN tasks AS t ON t.id = g.task_id LEFT JOIN queues AS q ON q.id = g.queue_id"

void read_subject(Query& query, model::Guard& guard) {
  if (const auto task = query.find_integer(1)) {
    guard.scope = model::GuardScope::task;
    guard.task = model::TaskId(*task);
    guard.name = model::label(guard.task, query.text(5));
  } else if (const auto queue = query.find_integer(2)) {
    guard.scope = model::GuardScope::queue;
    guard.queue = model::QueueId(*queue);
    guard.name = query.text(6);
  } else if (!query.is_null(3)) {
    guard.scope = model::GuardScope::resource;
    guard.name = query.text(3);
  } else {
    guard.scope = model::GuardScope::tag;
    guard.name = query.text(4);
  }
}

model::Guard read_guard(Query& query) {
  model::Guard guard;
  guard.id = model::GuardId(query.integer(0));
  read_subject(query, guard);
  if (!query.is_null(7)) {
    guard.rate = model::parse_rate(query.text(7)).value();
    guard.rate->burst = query.integer(8);
  }
  guard.full_at_us = query.integer(9);
  if (!query.is_null(10)) {
    guard.breaker = model::parse_breaker(query.text(10)).value();
  }
  guard.cooldown = time::Duration(query.integer(11));
  model::BreakerRecord& record = guard.record;
  record.open = query.integer(12) != 0;
  record.in_a_row = static_cast<int>(query.integer(13));
  record.recent = query.text(14);
  record.opened_at = query.find_instant(15);
  if (const auto open_for = query.find_integer(16)) {
    record.open_for = time::Duration(*open_for);
  }
  record.why = query.text(17);
  record.probe.run = model::RunId(query.integer(18));
  record.probe.attempt = static_cast<int>(query.integer(19));
  record.probing = query.integer(20) != 0;
  return guard;
}

std::vector<model::Guard> read_guards(Query& query) {
  std::vector<model::Guard> found;
  while (query.step()) {
    found.push_back(read_guard(query));
  }
  return found;
}

std::optional<model::Guard> read_one(Query& query) {
  return query.step() ? std::optional(read_guard(query)) : std::nullopt;
}

void bind_standing(Query& query, const model::Guard& guard) {
  const model::BreakerRecord& record = guard.record;
  query.bind(":full_at", guard.full_at_us)
      .bind(":open", record.open ? 1 : 0)
      .bind(":in_a_row", record.in_a_row)
      .bind(":recent", record.recent)
      .bind_or_null(":opened_at", record.opened_at)
      .bind_or_null(":why", record.why)
      .bind(":probe_run", record.probe.run.value)
      .bind(":probe_attempt", record.probe.attempt);
  if (record.open_for) {
    query.bind(":open_for", record.open_for->count());
  } else {
    query.bind_null(":open_for");
  }
}

}  // namespace

bool Guards::any() {
  return Query(db_, "SELECT 1 FROM guards LIMIT 1").step();
}

std::vector<model::Guard> Guards::all() {
  Query query(db_, SCHED_GUARDS
              " ORDER BY g.queue_id IS NULL, g.resource IS NULL, g.tag IS NULL,"
              " coalesce(q.name, g.resource, g.tag, t.name), g.id");
  return read_guards(query);
}

std::vector<model::Guard> Guards::active() {
  // Two looks through an index each: there may be as many guards as tasks.
  std::vector<model::Guard> found;
  {
    Query query(db_, SCHED_GUARDS " WHERE g.task_id IS NULL");
    found = read_guards(query);
  }
  Query query(db_, SCHED_GUARDS " WHERE g.open = 1 AND g.task_id IS NOT NULL");
  auto of_tasks = read_guards(query);
  std::move(of_tasks.begin(), of_tasks.end(), std::back_inserter(found));
  return found;
}

std::optional<model::Guard> Guards::of_task(model::TaskId task) {
  Query query(db_, SCHED_GUARDS " WHERE g.task_id = :task");
  query.bind(":task", task.value);
  return read_one(query);
}

std::optional<model::Guard> Guards::of_queue(model::QueueId queue) {
  Query query(db_, SCHED_GUARDS " WHERE g.queue_id = :queue");
  query.bind(":queue", queue.value);
  return read_one(query);
}

std::optional<model::Guard> Guards::of_resource(const std::string& name) {
  Query query(db_, SCHED_GUARDS " WHERE g.resource = :name");
  query.bind(":name", name);
  return read_one(query);
}

std::optional<model::Guard> Guards::of_tag(const std::string& tag) {
  Query query(db_, SCHED_GUARDS " WHERE g.tag = :tag");
  query.bind(":tag", tag);
  return read_one(query);
}

void Guards::put(const model::Guard& guard) {
  if (!guard.rate && !guard.breaker) {
    Query(db_, "DELETE FROM guards WHERE id = :id").bind(":id", guard.id.value).run();
    return;
  }
  Query query(db_, guard.id ? "UPDATE guards SET rate = :rate, burst = :burst, breaker = :breaker,"
                              " cooldown_ms = :cooldown, full_at_us = :full_at, open = :open,"
                              " in_a_row = :in_a_row, recent = :recent, opened_at_ms = :opened_at,"
                              " open_for_ms = :open_for, why = :why, probe_run_id = :probe_run,"
                              " probe_attempt = :probe_attempt WHERE id = :id"
                            : "INSERT INTO guards (queue_id, resource, tag, rate, burst, breaker,"
                              " cooldown_ms, full_at_us, open, in_a_row, recent, opened_at_ms,"
                              " open_for_ms, why, probe_run_id, probe_attempt) VALUES (:queue,"
                              " :resource, :tag, :rate, :burst, :breaker, :cooldown, :full_at,"
                              " :open, :in_a_row, :recent, :opened_at, :open_for, :why,"
                              " :probe_run, :probe_attempt)");
  query.bind_or_null(":rate", guard.rate ? model::to_string(*guard.rate) : std::string())
      .bind(":burst", guard.rate ? guard.rate->burst : 1)
      .bind_or_null(":breaker", guard.breaker ? model::to_string(*guard.breaker) : std::string())
      .bind(":cooldown", guard.cooldown.count());
  bind_standing(query, guard);
  if (guard.id) {
    query.bind(":id", guard.id.value).run();
    return;
  }
  if (guard.scope == model::GuardScope::queue) {
    query.bind(":queue", guard.queue.value);
  } else {
    query.bind_null(":queue");
  }
  const bool is_resource = guard.scope == model::GuardScope::resource;
  query.bind_or_null(":resource", is_resource ? guard.name : std::string())
      .bind_or_null(":tag", guard.scope == model::GuardScope::tag ? guard.name : std::string())
      .run();
}

void Guards::set_standing(const model::Guard& guard) {
  Query query(db_,
              "UPDATE guards SET full_at_us = :full_at, open = :open, in_a_row = :in_a_row,"
              " recent = :recent, opened_at_ms = :opened_at, open_for_ms = :open_for, why = :why,"
              " probe_run_id = :probe_run, probe_attempt = :probe_attempt WHERE id = :id");
  bind_standing(query, guard);
  query.bind(":id", guard.id.value).run();
}

std::string Guards::key_of(model::TaskId task) {
  Query query(db_,
              "SELECT id FROM guards WHERE task_id = :task AND open = 1 UNION ALL"
              " SELECT g.id FROM tags JOIN guards AS g ON g.tag = tags.tag"
              " WHERE tags.task_id = :task ORDER BY 1");
  query.bind(":task", task.value);
  std::string key;
  while (query.step()) {
    key += key.empty() ? "" : ",";
    key += query.text(0);
  }
  return key;
}

std::vector<model::TaskId> Guards::tasks_with(const std::string& tag) {
  Query query(db_, "SELECT task_id FROM tags WHERE tag = :tag ORDER BY task_id");
  query.bind(":tag", tag);
  std::vector<model::TaskId> found;
  while (query.step()) {
    found.emplace_back(query.integer(0));
  }
  return found;
}

std::vector<model::GuardId> read_guard_key(const std::string& key) {
  std::vector<model::GuardId> guards;
  for (const std::string& word : base::split(key, ',')) {
    if (const auto number = base::parse_int(word)) {
      guards.emplace_back(*number);
    }
  }
  return guards;
}

}  // namespace sched::store
