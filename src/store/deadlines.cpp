#include "store/deadlines.hpp"

namespace sched::store {
namespace {

#define SCHED_DEADLINE_ROWS \
  "SELECT id, task_id, state, deadline_ms, hard_deadline_ms, late FROM runs"

DeadlineRow read_deadline_row(Query& query) {
  return {model::RunId(query.integer(0)),
          model::TaskId(query.integer(1)),
          model::parse_run_state(query.text(2)).value_or(model::RunState::waiting),
          {query.find_instant(3), query.find_instant(4)},
          query.integer(5) != 0};
}

}  // namespace

std::vector<DeadlineRow> Deadlines::due(time::Instant now, int limit) {
  // Through runs_deadline, as next() is.
  Query query(db_, SCHED_DEADLINE_ROWS
              " WHERE look_at_ms IS NOT NULL AND state <> 'finished' AND look_at_ms <= :now"
              " ORDER BY look_at_ms LIMIT :limit");
  query.bind(":now", now).bind(":limit", limit);
  std::vector<DeadlineRow> found;
  while (query.step()) {
    found.push_back(read_deadline_row(query));
  }
  return found;
}

std::optional<time::Instant> Deadlines::next() {
  Query query(db_,
              "SELECT look_at_ms FROM runs WHERE look_at_ms IS NOT NULL AND state <> 'finished'"
              " ORDER BY look_at_ms LIMIT 1");
  return query.step() ? std::optional(query.instant(0)) : std::nullopt;
}

std::optional<DeadlineRow> Deadlines::find(model::RunId run) {
  Query query(db_, SCHED_DEADLINE_ROWS " WHERE id = :id");
  return query.bind(":id", run.value).step() ? std::optional(read_deadline_row(query))
                                             : std::nullopt;
}

void Deadlines::set(model::RunId run, const model::RunDeadlines& deadlines) {
  Query(db_,
        "UPDATE runs SET late = CASE WHEN deadline_ms IS :soft THEN late ELSE 0 END,"
        " deadline_ms = :soft, hard_deadline_ms = :hard WHERE id = :id")
      .bind_or_null(":soft", deadlines.soft)
      .bind_or_null(":hard", deadlines.hard)
      .bind(":id", run.value)
      .run();
}

void Deadlines::look_at(model::RunId run, std::optional<time::Instant> moment) {
  Query(db_, "UPDATE runs SET look_at_ms = :moment WHERE id = :id")
      .bind_or_null(":moment", moment)
      .bind(":id", run.value)
      .run();
}

void Deadlines::mark_late(model::RunId run) {
  Query(db_, "UPDATE runs SET late = 1 WHERE id = :id").bind(":id", run.value).run();
}

}  // namespace sched::store
