#include "store/handlers.hpp"

namespace sched::store {
namespace {

std::vector<model::Handler> read_handlers(Query& query) {
  std::vector<model::Handler> found;
  while (query.step()) {
    found.push_back({model::TaskId(query.integer(0)), model::TaskId(query.integer(1)),
                     model::parse_handler_kind(query.text(2)).value()});
  }
  return found;
}

}  // namespace

void Handlers::set(model::TaskId task, model::HandlerKind kind,
                   const std::vector<model::TaskId>& handlers) {
  Query(db_, "DELETE FROM handlers WHERE task_id = :task AND kind = :kind")
      .bind(":task", task.value)
      .bind(":kind", model::to_string(kind))
      .run();
  for (const model::TaskId handler : handlers) {
    Query(db_,
          "INSERT INTO handlers (task_id, kind, handler_id) VALUES (:task, :kind, :handler)"
          " ON CONFLICT (task_id, kind, handler_id) DO NOTHING")
        .bind(":task", task.value)
        .bind(":kind", model::to_string(kind))
        .bind(":handler", handler.value)
        .run();
  }
}

void Handlers::clear(model::TaskId task) {
  Query(db_, "DELETE FROM handlers WHERE task_id = :task").bind(":task", task.value).run();
}

bool Handlers::any() {
  return Query(db_, "SELECT 1 FROM handlers LIMIT 1").step();
}

std::vector<model::Handler> Handlers::of(model::TaskId task) {
  Query query(db_,
              "SELECT task_id, handler_id, kind FROM handlers WHERE task_id = :task"
              " ORDER BY kind, handler_id");
  return read_handlers(query.bind(":task", task.value));
}

std::vector<model::Handler> Handlers::handled_by(model::TaskId handler) {
  Query query(db_,
              "SELECT task_id, handler_id, kind FROM handlers WHERE handler_id = :handler"
              " ORDER BY task_id, kind");
  return read_handlers(query.bind(":handler", handler.value));
}

void Handlers::note_cause(model::RunId run, const model::Cause& cause) {
  Query(db_,
        "INSERT INTO causes (run_id, kind, for_run_id, for_attempt, task, outcome, reason)"
        " VALUES (:run, :kind, :for, :attempt, :task, :outcome, :reason)")
      .bind(":run", run.value)
      .bind(":kind", model::to_string(cause.kind))
      .bind(":for", cause.run.value)
      .bind(":attempt", cause.attempt)
      .bind(":task", cause.task)
      .bind(":outcome", model::to_string(cause.outcome))
      .bind(":reason", cause.reason)
      .run();
}

std::optional<model::Cause> Handlers::cause_of(model::RunId run) {
  Query query(db_,
              "SELECT kind, for_run_id, for_attempt, task, outcome, reason FROM causes"
              " WHERE run_id = :run");
  if (!query.bind(":run", run.value).step()) {
    return std::nullopt;
  }
  return model::Cause{model::parse_handler_kind(query.text(0)).value(),
                      model::RunId(query.integer(1)),
                      static_cast<int>(query.integer(2)),
                      query.text(3),
                      model::parse_outcome(query.text(4)).value(),
                      query.text(5)};
}

std::vector<model::RunId> Handlers::runs_for(model::RunId run) {
  Query query(db_, "SELECT run_id FROM causes WHERE for_run_id = :run ORDER BY run_id");
  query.bind(":run", run.value);
  std::vector<model::RunId> found;
  while (query.step()) {
    found.emplace_back(query.integer(0));
  }
  return found;
}

model::RunId Handlers::in_place_of(model::RunId run) {
  // Through causes_for. The attempt tells a fallback's end from one before a retry by hand. What
  // stands in place of another was always written after it.
  Query query(db_,
              "WITH RECURSIVE chain (id) AS (SELECT :run UNION ALL SELECT c.run_id FROM chain"
              " JOIN runs AS r ON r.id = chain.id JOIN causes AS c ON c.for_run_id = r.id"
              " AND c.kind = 'fallback' AND c.for_attempt = r.attempts"
              " WHERE r.outcome IN ('failed', 'timed_out', 'lost'))"
              " SELECT max(id) FROM chain");
  query.bind(":run", run.value).step();
  return model::RunId(query.integer(0));
}

}  // namespace sched::store
