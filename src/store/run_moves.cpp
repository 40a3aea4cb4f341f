// The moves of a run from state to state, each an UPDATE guarded by where it starts: the SQL side
// of the table in model/run_state.hpp.
//
// Those that every run makes are OR FAIL: SQLite then keeps no copy of the pages that a statement
// changes, to undo it alone, which cost a fifth of each. What fails here ends the transaction. A
// call of max() would bring the copies back.
#include "store/runs.hpp"

namespace sched::store {

bool Runs::start(model::RunId id, int attempt, int choice, time::Instant now) {
  const bool done = heads_.keep([&] {
    return Query(db_,
                 "UPDATE OR FAIL runs SET state = 'running', attempts = :attempt, choice = :choice,"
                 " started_at_ms = :now, resumed_at_ms = NULL, stood_ms = 0, displaces = 0,"
                 " bound_met = 0, reason = NULL"
                 " WHERE id = :id AND state = 'queued' AND attempts = :attempt - 1")
               .bind(":attempt", attempt)
               .bind(":choice", choice)
               .bind(":now", now)
               .bind(":id", id.value)
               .run() == 1;
  });
  heads_.forget_first(id);
  return done;
}

bool Runs::enqueue(model::RunId id, model::LaneId lane, std::int64_t rank,
                   const std::optional<model::EdgeCounts>& edges) {
  const bool done = heads_.keep([&] {
    return Query(db_,
                 "UPDATE OR FAIL runs SET state = 'queued', lane_id = :lane, rank = :rank,"
                 " due_at_ms = NULL, displaces = 0, reason = NULL,"
                 " edges_open = coalesce(:open, edges_open),"
                 " edges_satisfied = coalesce(:satisfied, edges_satisfied)"
                 " WHERE id = :id AND state = 'waiting'")
               .bind(":lane", lane.value)
               .bind(":rank", rank)
               .bind_or_null(":open", edges ? std::optional(edges->open) : std::nullopt)
               .bind_or_null(":satisfied", edges ? std::optional(edges->satisfied) : std::nullopt)
               .bind(":id", id.value)
               .run() == 1;
  });
  heads_.forget(lane);
  return done;
}

bool Runs::move_in_line(model::RunId id, model::LaneId lane, std::int64_t rank) {
  return Query(db_,
               "UPDATE runs SET lane_id = :lane, rank = :rank, displaces = 0"
               " WHERE id = :id AND state = 'queued'")
             .bind(":lane", lane.value)
             .bind(":rank", rank)
             .bind(":id", id.value)
             .run() == 1;
}

bool Runs::hold(model::RunId id, const std::string& reason) {
  return Query(db_,
               "UPDATE runs SET state = 'held', due_at_ms = NULL, reason = :reason"
               " WHERE id = :id AND state IN ('waiting', 'queued')")
             .bind(":reason", reason)
             .bind(":id", id.value)
             .run() == 1;
}

bool Runs::wait(model::RunId id, std::optional<time::Instant> due, const std::string& reason) {
  return Query(db_,
               "UPDATE runs SET state = 'waiting', due_at_ms = :due, reason = :reason"
               " WHERE id = :id AND state IN ('waiting', 'queued', 'held')")
             .bind_or_null(":due", due)
             .bind_or_null(":reason", reason)
             .bind(":id", id.value)
             .run() == 1;
}

bool Runs::finish_unstarted(model::RunId id, model::Outcome outcome, const std::string& reason,
                            time::Instant now) {
  return Query(db_,
               "UPDATE runs SET state = 'finished', outcome = :outcome, reason = :reason,"
               " due_at_ms = NULL, finished_at_ms = :now, cancel_requested = 0"
               " WHERE id = :id AND state IN ('waiting', 'queued', 'held')")
             .bind(":outcome", model::to_string(outcome))
             .bind(":reason", reason)
             .bind(":now", now)
             .bind(":id", id.value)
             .run() == 1;
}

bool Runs::finish(const model::Claim& claim, model::Outcome outcome, std::optional<int> exit_code,
                  const std::string& reason, time::Instant now) {
  return heads_.keep([&] {
    return Query(db_,
                 "UPDATE OR FAIL runs SET state = 'finished', outcome = :outcome,"
                 " exit_code = :code, reason = :reason, finished_at_ms = :now,"
                 " cancel_requested = 0, stood_ms = stood_ms + CASE WHEN suspended_at_ms < :now"
                 " THEN :now - suspended_at_ms ELSE 0 END,"
                 " suspended_at_ms = NULL, displaced_by = NULL"
                 " WHERE id = :id AND state = 'running' AND attempts = :attempt")
               .bind(":outcome", model::to_string(outcome))
               .bind_or_null(":code", exit_code)
               .bind(":reason", reason)
               .bind(":now", now)
               .bind(":id", claim.run.value)
               .bind(":attempt", claim.attempt)
               .run() == 1;
  });
}

bool Runs::retry(const model::Claim& claim, time::Instant not_before, std::optional<int> exit_code,
                 const std::string& reason, bool paused) {
  return Query(db_,
               "UPDATE runs SET state = 'waiting', not_before_ms = :moment, due_at_ms = :due,"
               " exit_code = :code, reason = :reason, suspended_at_ms = NULL, displaced_by = NULL,"
               " shed = 0"
               " WHERE id = :id AND state = 'running' AND attempts = :attempt")
             .bind(":moment", not_before)
             .bind_or_null(":due", paused ? std::nullopt : std::optional(not_before))
             .bind_or_null(":code", exit_code)
             .bind(":reason", reason)
             .bind(":id", claim.run.value)
             .bind(":attempt", claim.attempt)
             .run() == 1;
}

bool Runs::hand_back(const model::Claim& claim, bool paused) {
  return Query(db_,
               "UPDATE runs SET state = :state, attempts = attempts - 1, reason = NULL,"
               " suspended_at_ms = NULL, displaced_by = NULL,"
               " shed = shed - CASE displaced_by WHEN 0 THEN 1 ELSE 0 END"
               " WHERE id = :id AND state = 'running' AND attempts = :attempt")
             .bind(":state",
                   model::to_string(paused ? model::RunState::waiting : model::RunState::queued))
             .bind(":id", claim.run.value)
             .bind(":attempt", claim.attempt)
             .run() == 1;
}

bool Runs::give_way(const model::Claim& claim, const std::string& reason, bool paused) {
  return Query(db_,
               "UPDATE runs SET state = :state, displaced = displaced + 1, displaced_by = NULL,"
               " displaces = 0, suspended_at_ms = NULL, exit_code = NULL, reason = :reason"
               " WHERE id = :id AND state = 'running' AND attempts = :attempt")
             .bind(":state",
                   model::to_string(paused ? model::RunState::waiting : model::RunState::queued))
             .bind(":reason", reason)
             .bind(":id", claim.run.value)
             .bind(":attempt", claim.attempt)
             .run() == 1;
}

bool Runs::reopen(model::RunId id, std::optional<time::Instant> due, time::Instant now) {
  return Query(db_,
               "UPDATE runs SET state = 'waiting', outcome = NULL, exit_code = NULL,"
               " reason = 'retried by a person', not_before_ms = :now, due_at_ms = :due,"
               " finished_at_ms = NULL, spent_attempts = attempts, displaced = 0, shed = 0,"
               " resolved_at_ms = NULL, "
               "resolution = NULL"
               " WHERE id = :id AND state = 'finished'")
             .bind(":now", now)
             .bind_or_null(":due", due)
             .bind(":id", id.value)
             .run() == 1;
}

void Runs::add_to_reason(model::RunId id, const std::string& more) {
  Query(db_, "UPDATE runs SET reason = reason || :more WHERE id = :id AND state = 'finished'")
      .bind(":more", more)
      .bind(":id", id.value)
      .run();
}

bool Runs::request_cancel(model::RunId id, const std::string& reason) {
  // What asked first is the reason.
  return Query(db_,
               "UPDATE runs SET cancel_requested = 1,"
               " reason = CASE cancel_requested WHEN 1 THEN reason ELSE :reason END"
               " WHERE id = :id AND state = 'running'")
             .bind(":reason", reason)
             .bind(":id", id.value)
             .run() == 1;
}

}  // namespace sched::store
