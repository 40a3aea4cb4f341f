#include "store/launchers.hpp"

#include "store/attempts.hpp"

namespace sched::store {
namespace {

std::vector<LauncherRow> read(Query query) {
  std::vector<LauncherRow> found;
  while (query.step()) {
    found.push_back(
        {model::LauncherId(query.integer(0)), query.text(1), static_cast<int>(query.integer(2))});
  }
  return found;
}

}  // namespace

model::LauncherId Launchers::add(const std::string& boot_id, int worker_pid, time::Instant now) {
  Query(db_,
        "INSERT INTO launchers (boot_id, worker_pid, started_at_ms) VALUES (:boot, :pid, :now)")
      .bind(":boot", boot_id)
      .bind(":pid", worker_pid)
      .bind(":now", now)
      .run();
  return model::LauncherId(db_.last_insert_id());
}

void Launchers::learn(model::LauncherId id, const std::string& boot_id, int worker_pid,
                      time::Instant now) {
  Query(db_,
        "INSERT OR IGNORE INTO launchers (id, boot_id, worker_pid, started_at_ms)"
        " VALUES (:id, :boot, :pid, :now)")
      .bind(":id", id.value)
      .bind(":boot", boot_id)
      .bind(":pid", worker_pid)
      .bind(":now", now)
      .run();
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
  return read(Query(db_,
                    "SELECT id, boot_id, worker_pid FROM launchers WHERE id IN"
                    " (SELECT a.launcher_id FROM " SCHED_OPEN_ATTEMPTS ") ORDER BY id"));
}

std::vector<LauncherRow> Launchers::unused() {
  return read(Query(db_,
                    "SELECT id, boot_id, worker_pid FROM launchers WHERE id NOT IN"
                    " (SELECT a.launcher_id FROM " SCHED_OPEN_ATTEMPTS ") ORDER BY id"));
}

void Launchers::remove(model::LauncherId id) {
  Query(db_, "DELETE FROM launchers WHERE id = :id").bind(":id", id.value).run();
}

}  // namespace sched::store
