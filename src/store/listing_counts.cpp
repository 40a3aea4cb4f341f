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
  // Kept by the triggers of the schema: to count a million rows takes a quarter of a second.
  RunCounts counts;
  Query query(db_, "SELECT what, number FROM tallies");
  while (query.step()) {
    const std::string what = query.text(0);
    const std::int64_t number = query.integer(1);
    if (const auto outcome = model::parse_outcome(what)) {
      std::int64_t& slot = *outcome == model::Outcome::succeeded ? counts.succeeded
                           : model::is_failure(*outcome)         ? counts.failed
                                                                 : counts.other;
      slot += number;
    } else if (const auto state = model::parse_run_state(what)) {
      std::int64_t& slot = *state == model::RunState::waiting   ? counts.waiting
                           : *state == model::RunState::queued  ? counts.queued
                           : *state == model::RunState::running ? counts.running
                                                                : counts.held;
      slot += number;
    }
  }
  return counts;
}

std::int64_t Listing::task_count() {
  Query query(db_, "SELECT number FROM tallies WHERE what = 'tasks'");
  return query.step() ? query.integer(0) : 0;
}

}  // namespace sched::store
