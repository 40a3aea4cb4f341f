#include "store/placing.hpp"

#include "store/task_codec.hpp"

namespace sched::store {

std::optional<Placing> find_placing(Database& db, model::RunId run) {
  Query query(db, "SELECT " SCHED_COMER_COLUMNS
                  ", r.state, r.edges_total, r.edges_open, r.edges_satisfied, t.spec, t.paused,"
                  " r.in_turn, r.attempts, r.due_at_ms, r.reason"
                  " FROM runs AS r JOIN tasks AS t ON t.id = r.task_id WHERE r.id = :run");
  if (!query.bind(":run", run.value).step()) {
    return std::nullopt;
  }
  Placing found;
  found.comer = read_comer(query);
  constexpr int k_next = k_comer_column_count;
  found.state = model::parse_run_state(query.view(k_next)).value_or(model::RunState::waiting);
  found.edges = {static_cast<int>(query.integer(k_next + 1)),
                 static_cast<int>(query.integer(k_next + 2)),
                 static_cast<int>(query.integer(k_next + 3))};
  found.join = join_in(query.view(k_next + 4));
  found.paused = query.integer(k_next + 5) != 0;
  found.in_turn = query.integer(k_next + 6) != 0;
  found.attempts = static_cast<int>(query.integer(k_next + 7));
  found.due_at = query.find_instant(k_next + 8);
  found.reason = query.text(k_next + 9);
  return found;
}

}  // namespace sched::store
