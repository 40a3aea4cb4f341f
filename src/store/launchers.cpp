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

void Launchers::pass_over(model::LauncherId id) {
  // SQLite's own table of AUTOINCREMENT, without a row for a table that never had one.
  Query(db_,
        "INSERT INTO sqlite_sequence (name, seq) SELECT 'launchers', 0"
        " WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'launchers')")
      .run();
  Query(db_, "UPDATE sqlite_sequence SET seq = max(seq, :id) WHERE name = 'launchers'")
      .bind(":id", id.value)
      .run();
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
