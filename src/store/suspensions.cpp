#include "store/suspensions.hpp"

namespace sched::store {

bool Suspensions::any() {
  return Query(db_,
               "SELECT 1 WHERE EXISTS (SELECT 1 FROM queues WHERE policy = 'round-robin'"
               " OR preempt <> 'none')"
               " OR EXISTS (SELECT 1 FROM runs WHERE state = 'queued' AND displaces = 1)"
               " OR EXISTS (SELECT 1 FROM runs WHERE suspended_at_ms IS NOT NULL)")
      .step();
}

std::vector<Occupant> Suspensions::occupants() {
  Query query(db_,
              "SELECT r.id, r.attempts, a.token, l.id, l.queue_id, l.needs, l.share, l.guards,"
              " r.choice, r.rank, r.cancel_requested, r.suspended_at_ms,"
              " coalesce(r.resumed_at_ms, r.started_at_ms), r.task_id, r.priority,"
              " r.started_at_ms + r.stood_ms, r.displaced_by IS NOT NULL"
              " FROM runs AS r INDEXED BY runs_running"
              " CROSS JOIN attempts AS a ON a.run_id = r.id AND a.number = r.attempts"
              " CROSS JOIN lanes AS l ON l.id = r.lane_id WHERE r.state = 'running'");
  std::vector<Occupant> found;
  while (query.step()) {
    Occupant one;
    one.claim = {model::RunId(query.integer(0)), static_cast<int>(query.integer(1)),
                 query.integer(2)};
    one.lane = {model::LaneId(query.integer(3)), model::QueueId(query.integer(4)),
                model::read_needs(query.text(5)), query.text(6), query.text(7)};
    one.choice = static_cast<int>(query.integer(8));
    one.rank = query.integer(9);
    one.cancel_requested = query.integer(10) != 0;
    one.suspended_at = query.find_instant(11);
    one.since = query.instant(12);
    one.task = model::TaskId(query.integer(13));
    one.priority = static_cast<int>(query.integer(14));
    one.work_since = query.instant(15);
    one.displaced = query.integer(16) != 0;
    found.push_back(std::move(one));
  }
  return found;
}

bool Suspensions::any_may_displace() {
  return Query(db_,
               "SELECT 1 FROM queues AS q CROSS JOIN lanes AS l ON l.queue_id = q.id"
               " CROSS JOIN runs AS r ON r.lane_id = l.id"
               " WHERE q.preempt <> 'none' AND q.state <> 'paused' AND r.state = 'queued' LIMIT 1")
      .step();
}

std::vector<Displacing> Suspensions::displacing() {
  Query query(db_,
              "SELECT r.id, l.id, l.queue_id FROM runs AS r CROSS JOIN lanes AS l"
              " ON l.id = r.lane_id WHERE r.state = 'queued' AND r.displaces = 1"
              " ORDER BY r.rank, r.id");
  std::vector<Displacing> found;
  while (query.step()) {
    found.push_back({model::RunId(query.integer(0)), model::LaneId(query.integer(1)),
                     model::QueueId(query.integer(2))});
  }
  return found;
}

bool Suspensions::displace(model::RunId run, model::RunId by, const std::string& reason,
                           time::Instant now) {
  Query(db_, "UPDATE runs SET displaces = 1 WHERE id = :by AND state = 'queued'")
      .bind(":by", by.value)
      .run();
  return Query(db_,
               "UPDATE runs SET displaced_by = :by, displaced_at_ms = :now, reason = :reason,"
               " shed = shed + (:by = 0)"
               " WHERE id = :id AND state = 'running' AND cancel_requested = 0")
             .bind(":by", by.value)
             .bind(":now", now)
             .bind(":reason", reason)
             .bind(":id", run.value)
             .run() == 1;
}

std::vector<GivingWay> Suspensions::giving_way_for(model::RunId by) {
  Query query(db_,
              "SELECT id, task_id, displaced_at_ms FROM runs INDEXED BY runs_running"
              " WHERE state = 'running' AND displaced_by = :by ORDER BY id");
  query.bind(":by", by.value);
  std::vector<GivingWay> found;
  while (query.step()) {
    found.push_back(
        {model::RunId(query.integer(0)), model::TaskId(query.integer(1)), query.instant(2)});
  }
  return found;
}

bool Suspensions::any_waits_in(model::QueueId queue) {
  return Query(db_,
               "SELECT 1 WHERE EXISTS (SELECT 1 FROM runs WHERE state = 'queued' AND lane_id IN"
               " (SELECT id FROM lanes WHERE queue_id = :queue)) OR EXISTS (SELECT 1 FROM runs"
               " WHERE suspended_at_ms IS NOT NULL AND lane_id IN"
               " (SELECT id FROM lanes WHERE queue_id = :queue))")
      .bind(":queue", queue.value)
      .step();
}

bool Suspensions::suspend(model::RunId run, const std::string& reason, time::Instant now) {
  return Query(db_,
               "UPDATE runs SET suspended_at_ms = :now, reason = :reason"
               " WHERE id = :id AND state = 'running' AND suspended_at_ms IS NULL"
               " AND cancel_requested = 0 AND displaced_by IS NULL")
             .bind(":now", now)
             .bind(":reason", reason)
             .bind(":id", run.value)
             .run() == 1;
}

bool Suspensions::resume(model::RunId run, time::Instant now) {
  return Query(db_,
               "UPDATE runs SET stood_ms = stood_ms + max(0, :now - suspended_at_ms),"
               " suspended_at_ms = NULL, resumed_at_ms = :now,"
               " reason = CASE cancel_requested WHEN 1 THEN reason ELSE NULL END"
               " WHERE id = :id AND suspended_at_ms IS NOT NULL")
             .bind(":now", now)
             .bind(":id", run.value)
             .run() == 1;
}

}  // namespace sched::store
