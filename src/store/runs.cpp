#include "store/runs.hpp"

#include <fmt/format.h>

namespace sched::store {

#define SCHED_RUN_COLUMNS                                                                  \
  "r.id, r.task_id, r.flow_id, r.trigger, r.nominal_ms, r.state, r.outcome, r.exit_code,"  \
  " r.reason, r.priority, r.not_before_ms, r.due_at_ms, r.edges_total, r.edges_open,"      \
  " r.edges_satisfied, r.attempts, r.spent_attempts, r.cancel_requested, r.created_at_ms," \
  " r.started_at_ms, r.finished_at_ms, r.firings, r.in_turn, r.deadline_ms,"               \
  " r.hard_deadline_ms, r.late, r.resolved_at_ms, r.resolution,"                           \
  " r.suspended_at_ms, r.resumed_at_ms, r.stood_ms, r.displaced, r.shed"

const char* const k_run_columns = SCHED_RUN_COLUMNS;

model::Run read_run(Query& query, int c) {
  model::Run run;
  run.id = model::RunId(query.integer(c));
  run.task = model::TaskId(query.integer(c + 1));
  run.flow = model::RunId(query.integer(c + 2));
  run.trigger = query.text(c + 3);
  run.nominal_at = query.instant(c + 4);
  run.state = model::parse_run_state(query.text(c + 5)).value_or(model::RunState::waiting);
  run.outcome = model::parse_outcome(query.text(c + 6));
  if (const auto code = query.find_integer(c + 7)) {
    run.exit_code = static_cast<int>(*code);
  }
  run.reason = query.text(c + 8);
  run.priority = static_cast<int>(query.integer(c + 9));
  run.not_before = query.instant(c + 10);
  run.due_at = query.find_instant(c + 11);
  run.edges = {static_cast<int>(query.integer(c + 12)), static_cast<int>(query.integer(c + 13)),
               static_cast<int>(query.integer(c + 14))};
  run.attempts = static_cast<int>(query.integer(c + 15));
  run.spent_attempts = static_cast<int>(query.integer(c + 16));
  run.cancel_requested = query.integer(c + 17) != 0;
  run.created_at = query.instant(c + 18);
  run.started_at = query.find_instant(c + 19);
  run.finished_at = query.find_instant(c + 20);
  run.firings = query.integer(c + 21);
  run.in_turn = query.integer(c + 22) != 0;
  run.deadlines = {query.find_instant(c + 23), query.find_instant(c + 24)};
  run.late = query.integer(c + 25) != 0;
  run.resolved_at = query.find_instant(c + 26);
  run.resolution = query.text(c + 27);
  run.suspended_at = query.find_instant(c + 28);
  run.resumed_at = query.find_instant(c + 29);
  run.stood = time::Duration(query.integer(c + 30));
  run.displaced = static_cast<int>(query.integer(c + 31));
  run.shed = static_cast<int>(query.integer(c + 32));
  return run;
}

void Runs::set_flow(model::RunId run, model::RunId flow) {
  Query(db_, "UPDATE runs SET flow_id = :flow WHERE id = :id")
      .bind(":flow", flow.value)
      .bind(":id", run.value)
      .run();
}

std::optional<model::Run> Runs::find(model::RunId id) {
  Query query(db_, "SELECT " SCHED_RUN_COLUMNS " FROM runs AS r WHERE r.id = :id");
  return query.bind(":id", id.value).step() ? std::optional(read_run(query)) : std::nullopt;
}

model::Run Runs::run(model::RunId id) {
  auto found = find(id);
  if (!found) {
    throw base::Error(base::ErrorKind::not_found, fmt::format("there is no run-{}", id.value));
  }
  return std::move(*found);
}

std::optional<model::Run> Runs::newest_of(model::TaskId task) {
  auto found = of_task(task, 1);
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::vector<model::Run> Runs::of_task(model::TaskId task, int limit) {
  Query query(db_, "SELECT " SCHED_RUN_COLUMNS
                   " FROM runs AS r WHERE r.task_id = :task ORDER BY r.id DESC LIMIT :limit");
  query.bind(":task", task.value).bind(":limit", limit);
  std::vector<model::Run> found;
  while (query.step()) {
    found.push_back(read_run(query));
  }
  return found;
}

std::vector<model::RunId> Runs::unfinished_of(model::TaskId task) {
  Query query(db_, "SELECT id FROM runs WHERE task_id = :task AND state <> 'finished' ORDER BY id");
  query.bind(":task", task.value);
  std::vector<model::RunId> found;
  while (query.step()) {
    found.emplace_back(query.integer(0));
  }
  return found;
}

bool Runs::any_unfinished_between(model::RunId first, model::RunId last) {
  return Query(db_,
               "SELECT 1 FROM runs WHERE id BETWEEN :first AND :last AND state <> 'finished'"
               " LIMIT 1")
      .bind(":first", first.value)
      .bind(":last", last.value)
      .step();
}

std::optional<model::RunId> Runs::ahead_in_turn(model::TaskId task, model::RunId run) {
  Query query(db_,
              "SELECT id FROM runs WHERE task_id = :task AND id < :run AND state <> 'finished'"
              " ORDER BY id LIMIT 1");
  query.bind(":task", task.value).bind(":run", run.value);
  return query.step() ? std::optional(model::RunId(query.integer(0))) : std::nullopt;
}

std::optional<model::RunId> Runs::next_in_turn(model::TaskId task) {
  // Through runs_in_turn, which is empty in most stores.
  Query query(db_,
              "SELECT id FROM runs WHERE task_id = :task AND in_turn = 1 AND state = 'waiting'"
              " ORDER BY id LIMIT 1");
  return query.bind(":task", task.value).step() ? std::optional(model::RunId(query.integer(0)))
                                                : std::nullopt;
}

Comer read_comer(Query& query) {
  return {model::RunId(query.integer(0)),
          model::TaskId(query.integer(1)),
          model::QueueId(query.integer(2)),
          query.text(3),
          static_cast<int>(query.integer(4)),
          query.instant(5),
          query.find_instant(6)};
}

#define SCHED_COMERS \
  "SELECT " SCHED_COMER_COLUMNS " FROM runs AS r JOIN tasks AS t ON t.id = r.task_id"

std::vector<Comer> Runs::due(time::Instant now, int limit) {
  // Through runs_due.
  Query query(db_, SCHED_COMERS
              " WHERE r.state = 'waiting' AND r.due_at_ms IS NOT NULL"
              " AND r.due_at_ms <= :now ORDER BY r.due_at_ms LIMIT :limit");
  query.bind(":now", now).bind(":limit", limit);
  std::vector<Comer> found;
  while (query.step()) {
    found.push_back(read_comer(query));
  }
  return found;
}

std::vector<Comer> Runs::queued_of(model::TaskId task) {
  Query query(db_, SCHED_COMERS " WHERE r.task_id = :task AND +r.state = 'queued'");
  query.bind(":task", task.value);
  std::vector<Comer> found;
  while (query.step()) {
    found.push_back(read_comer(query));
  }
  return found;
}

std::optional<time::Instant> Runs::next_due() {
  Query query(db_,
              "SELECT due_at_ms FROM runs WHERE state = 'waiting' AND due_at_ms IS NOT NULL"
              " ORDER BY due_at_ms LIMIT 1");
  return query.step() ? std::optional(query.instant(0)) : std::nullopt;
}

bool Runs::any_queued() {
  return Query(db_, "SELECT 1 FROM runs WHERE state = 'queued' LIMIT 1").step();
}

bool Runs::any_running() {
  return Query(db_, "SELECT 1 FROM runs WHERE state = 'running' LIMIT 1").step();
}

std::vector<RunningRun> Runs::running() {
  // Left to itself SQLite goes through all runs, which are in that order.
  Query query(db_,
              "SELECT r.id, r.attempts, a.token, r.task_id, a.launcher_id, r.cancel_requested,"
              " r.suspended_at_ms IS NOT NULL, r.displaced_by IS NOT NULL"
              " FROM runs AS r INDEXED BY runs_running CROSS JOIN attempts AS a ON a.run_id = r.id "
              "AND a.number = r.attempts"
              " WHERE r.state = 'running' ORDER BY r.id");
  std::vector<RunningRun> found;
  while (query.step()) {
    found.push_back(
        {{model::RunId(query.integer(0)), static_cast<int>(query.integer(1)), query.integer(2)},
         model::TaskId(query.integer(3)),
         model::LauncherId(query.integer(4)),
         query.integer(5) != 0,
         query.integer(6) != 0,
         query.integer(7) != 0});
  }
  return found;
}

bool Runs::is_busy(time::Instant now) {
  const auto due = next_due();
  if ((due && *due <= now) || any_running()) {
    return true;
  }
  // Started before: it waits for a further attempt, or was handed back. A million may be to come.
  return Query(db_,
               "SELECT 1 FROM runs INDEXED BY runs_again WHERE state = 'waiting'"
               " AND due_at_ms IS NOT NULL AND started_at_ms IS NOT NULL LIMIT 1")
      .step();
}

void Runs::set_edges(model::RunId id, const model::EdgeCounts& edges) {
  Query(db_,
        "UPDATE runs SET edges_total = :total, edges_open = :open, edges_satisfied = :satisfied"
        " WHERE id = :id")
      .bind(":total", edges.total)
      .bind(":open", edges.open)
      .bind(":satisfied", edges.satisfied)
      .bind(":id", id.value)
      .run();
}

void Runs::set_moment(model::RunId id, time::Instant not_before) {
  Query(db_, "UPDATE runs SET not_before_ms = :moment WHERE id = :id")
      .bind(":moment", not_before)
      .bind(":id", id.value)
      .run();
}

void Runs::set_priority(model::TaskId task, int priority) {
  Query(db_, "UPDATE runs SET priority = :priority WHERE task_id = :task AND state <> 'finished'")
      .bind(":priority", priority)
      .bind(":task", task.value)
      .run();
}

}  // namespace sched::store
