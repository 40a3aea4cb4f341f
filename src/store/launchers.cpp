#include "store/launchers.hpp"

namespace sched::store {

model::LauncherId Launchers::add(const std::string& boot_id, int worker_pid, time::Instant now) {
  Query(db_,
        "INSERT INTO launchers (boot_id, worker_pid, started_at_ms) VALUES (:boot, :pid, :now)")
      .bind(":boot", boot_id)
      .bind(":pid", worker_pid)
      .bind(":now", now)
      .run();
  return model::LauncherId(db_.last_insert_id());
}

std::vector<LauncherRow> Launchers::with_open_attempts() {
  Query query(db_,
              "SELECT l.id, l.boot_id FROM launchers AS l WHERE l.id IN (SELECT a.launcher_id FROM "
              "attempts AS a"
              " WHERE a.outcome IS NULL) ORDER BY l.id");
  std::vector<LauncherRow> found;
  while (query.step()) {
    found.push_back({model::LauncherId(query.integer(0)), query.text(1)});
  }
  return found;
}

}  // namespace sched::store
