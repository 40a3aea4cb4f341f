#include "store/flow.hpp"

namespace sched::store {
namespace {

std::vector<model::RunId> runs_of_flow(Query& query, model::RunId flow) {
  query.bind(":flow", flow.value);
  std::vector<model::RunId> found;
  while (query.step()) {
    found.emplace_back(query.integer(0));
  }
  return found;
}

}  // namespace

std::vector<model::RunId> failed_of_flow(Database& db, model::RunId flow) {
  // Through runs_flow, as the other.
  Query query(
      db,
      "SELECT r.id FROM runs AS r WHERE r.flow_id = :flow"
      " AND +r.outcome IN ('failed', 'timed_out', 'lost')"
      " AND NOT EXISTS (SELECT 1 FROM causes AS c WHERE c.for_run_id = r.id"
      "  AND c.kind = 'fallback' AND c.for_attempt = r.attempts) ORDER BY r.finished_at_ms, r.id");
  return runs_of_flow(query, flow);
}

std::vector<model::RunId> unstarted_of_flow(Database& db, model::RunId flow) {
  Query query(
      db,
      "SELECT id FROM runs WHERE flow_id = :flow"
      " AND +state IN ('waiting', 'queued', 'held') AND attempts = spent_attempts + displaced"
      " ORDER BY id");
  return runs_of_flow(query, flow);
}

void note_bound_of_flow(Database& db, model::RunId flow) {
  Query(db,
        "UPDATE runs SET bound_met = 1 WHERE flow_id = :flow AND +state = 'running'"
        " AND attempts = spent_attempts + displaced + 1")
      .bind(":flow", flow.value)
      .run();
}

bool has_met_bound(Database& db, model::RunId run) {
  return Query(db, "SELECT 1 FROM runs WHERE id = :id AND bound_met = 1")
      .bind(":id", run.value)
      .step();
}

}  // namespace sched::store
