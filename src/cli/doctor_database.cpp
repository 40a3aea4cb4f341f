#include "cli/doctor_checks.hpp"
#include "os/facts.hpp"
#include "os/held_locks.hpp"
#include "render/phrase.hpp"
#include "store/integrity.hpp"
#include "store/invariants.hpp"
#include "store/migrator.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::cli {
namespace {

/// Past this size somebody keeps it from being copied back.
constexpr std::uint64_t k_large_wal = 32U << 20U;

void ask(Checkup& checkup, store::Database& db, const std::string& file) {
  checkup.health.sqlite_version = store::library_version();
  checkup.health.journal_mode = db.journal_mode();
  checkup.health.database_bytes = os::find_facts(file).value_or(os::FileFacts{}).bytes;
  for (const std::string& what : store::damage_of(db, k_most_told)) {
    checkup.found("damage", what,
                  "'sched restore' brings back a backup, 'sched salvage' what is readable");
  }
  for (const std::string& what : store::schema_differences(db)) {
    checkup.found("schema", what, "'sched salvage' makes a store with what is in this one");
  }
  if (checkup.health.journal_mode != "wal") {
    if (checkup.fix) {
      store::Database writing(file, store::Database::Mode::open);
      writing.execute("PRAGMA journal_mode=WAL");
      checkup.health.journal_mode = writing.journal_mode();
    }
    checkup.found("mode", "the database is not in WAL mode: readers keep writers out",
                  "sched doctor --fix", checkup.health.journal_mode == "wal");
  }
}

}  // namespace

bool check_database(Checkup& checkup) {
  const std::string file = checkup.places.database().string();
  try {
    store::Database db(file, store::Database::Mode::read);
    store::check_is_store(db, file);
    ask(checkup, db, file);
  } catch (const base::Error& error) {
    checkup.found("damage", error.message(), error.hint());
    return false;
  }
  return true;
}

void check_log_of_writes(Checkup& checkup, store::Store& store) {
  checkup.health.wal_bytes = store.db().wal_bytes();
  if (checkup.health.wal_bytes <= k_large_wal) {
    return;
  }
  const bool fixed = checkup.fix && store.db().checkpoint();
  std::vector<std::string> pids;
  constexpr std::uint64_t k_first_reader = 123;  // WAL_READ_LOCK(0) in SQLite's wal.c
  for (const os::HeldLock& lock : os::held_locks(checkup.places.database().string() + "-shm")) {
    const std::string pid = fmt::format("{}", lock.pid);
    if (lock.first > k_first_reader && lock.first < k_first_reader + 5 &&
        lock.pid != os::own_pid() && std::find(pids.begin(), pids.end(), pid) == pids.end()) {
      pids.push_back(pid);
    }
  }
  checkup.found(
      "wal",
      fmt::format("the write-ahead log has {}{}", render::size(checkup.health.wal_bytes),
                  pids.empty() ? std::string()
                               : fmt::format(", and process {} reads an old state of the store",
                                             fmt::join(pids, ", "))),
      pids.empty() ? "sched doctor --fix" : "end that process", fixed);
}

void check_clock(Checkup& checkup, store::Store& store) {
  constexpr time::Duration k_allowed = std::chrono::minutes(1);
  const auto newest = store::newest_moment(store.db());
  const time::Instant now = checkup.session.now();
  if (newest && *newest > now + k_allowed) {
    checkup.found("clock",
                  fmt::format("the clock shows {} less than when the store was last written",
                              render::span(*newest - now)),
                  "set the clock right, or wait: schedules go by it");
  }
}

}  // namespace sched::cli
