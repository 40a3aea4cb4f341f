#include "store/dead_letters.hpp"

namespace sched::store {

std::int64_t DeadLetters::count() {
  Query query(db_, "SELECT count(*) FROM runs WHERE " SCHED_IS_DEAD(""));
  return query.step() ? query.integer(0) : 0;
}

bool DeadLetters::any_before(model::TaskId task, model::RunId run) {
  // Asked after each good end: through runs_dead_of_task, which has only what ended badly.
  return Query(db_, "SELECT 1 FROM runs WHERE task_id = :task AND id < :run AND " SCHED_IS_DEAD(
                        "") " LIMIT 1")
      .bind(":task", task.value)
      .bind(":run", run.value)
      .step();
}

bool DeadLetters::resolve(model::RunId run, const std::string& resolution, time::Instant now) {
  return Query(db_,
               "UPDATE runs SET resolved_at_ms = :now, resolution = :resolution WHERE id = :run "
               "AND " SCHED_IS_DEAD(""))
             .bind(":now", now)
             .bind(":resolution", resolution)
             .bind(":run", run.value)
             .run() == 1;
}

int DeadLetters::resolve_before(model::TaskId task, model::RunId run, const std::string& resolution,
                                time::Instant now) {
  return Query(db_,
               "UPDATE runs SET resolved_at_ms = :now, resolution = :resolution"
               " WHERE task_id = :task AND id < :run AND " SCHED_IS_DEAD(""))
      .bind(":now", now)
      .bind(":resolution", resolution)
      .bind(":task", task.value)
      .bind(":run", run.value)
      .run();
}

}  // namespace sched::store
