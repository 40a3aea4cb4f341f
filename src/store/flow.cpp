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

}  // namespace sched::store
