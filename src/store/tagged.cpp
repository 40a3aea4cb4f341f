#include "store/tagged.hpp"

#include "store/dead_letters.hpp"

namespace sched::store {

std::vector<model::RunId> dead_of_tag(Database& db, const std::string& tag) {
  // Through runs_dead: dead letters are few, of a tag there may be very many tasks.
  Query query(db,
              "SELECT r.id FROM runs AS r INDEXED BY runs_dead CROSS JOIN tags AS g"
              " ON g.task_id = r.task_id AND g.tag = :tag"
              " WHERE " SCHED_IS_DEAD("r.")
              " AND NOT EXISTS (SELECT 1 FROM causes AS c WHERE c.for_run_id = r.id"
              "  AND c.kind = 'fallback' AND c.for_attempt = r.attempts)"
              " ORDER BY r.finished_at_ms, r.id");
  query.bind(":tag", tag);
  std::vector<model::RunId> found;
  while (query.step()) {
    found.emplace_back(query.integer(0));
  }
  return found;
}

int hold_unstarted_of_tag(Database& db, const std::string& tag, const std::string& reason) {
  return Query(db,
               "UPDATE runs SET state = 'held', due_at_ms = NULL, reason = :reason"
               " WHERE task_id IN (SELECT task_id FROM tags WHERE tag = :tag)"
               " AND +state IN ('waiting', 'queued') AND attempts = spent_attempts + displaced")
      .bind(":reason", reason)
      .bind(":tag", tag)
      .run();
}

void note_bound_of_tag(Database& db, const std::string& tag) {
  // Few run, of a tag there may be very many tasks.
  Query(db,
        "UPDATE runs INDEXED BY runs_running SET bound_met = 1 WHERE state = 'running'"
        " AND attempts = spent_attempts + displaced + 1"
        " AND EXISTS (SELECT 1 FROM tags WHERE task_id = runs.task_id AND tag = :tag)")
      .bind(":tag", tag)
      .run();
}

}  // namespace sched::store
