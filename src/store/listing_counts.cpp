// How many stand where.
#include "store/listing.hpp"

namespace sched::store {

std::vector<model::RunId> Listing::unfinished() {
  Query query(db_, "SELECT id FROM runs WHERE state <> 'finished' ORDER BY id");
  std::vector<model::RunId> found;
  while (query.step()) {
    found.emplace_back(query.integer(0));
  }
  return found;
}

RunCounts Listing::counts() {
  RunCounts counts;
  Query query(db_, "SELECT state, outcome, count(*) FROM runs GROUP BY state, outcome");
  while (query.step()) {
    const auto state = model::parse_run_state(query.text(0));
    const auto outcome = model::parse_outcome(query.text(1));
    const std::int64_t number = query.integer(2);
    if (outcome) {
      std::int64_t& slot = *outcome == model::Outcome::succeeded ? counts.succeeded
                           : model::is_failure(*outcome)         ? counts.failed
                                                                 : counts.other;
      slot += number;
    } else if (state == model::RunState::waiting) {
      counts.waiting += number;
    } else if (state == model::RunState::queued) {
      counts.queued += number;
    } else if (state == model::RunState::running) {
      counts.running += number;
    } else {
      counts.held += number;
    }
  }
  return counts;
}

std::int64_t Listing::task_count() {
  Query query(db_, "SELECT count(*) FROM tasks");
  return query.step() ? query.integer(0) : 0;
}

}  // namespace sched::store
