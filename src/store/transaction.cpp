// Transactions, and what must be true of the file for one to begin.
#include "os/held_locks.hpp"
#include "os/process.hpp"
#include "store/database.hpp"
#include "store/row_hook.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace sched::store {

void Database::guard(std::int64_t schema) {
  schema_ = schema;
  file_facts_ = os::find_facts(file_);
}

bool Database::is_outdated() {
  try {
    Query query(*this, "PRAGMA user_version");
    return schema_ != 0 && query.step() && query.integer(0) != schema_;
  } catch (const base::Error&) {
    return false;  // What can't be read now fails by itself, with a better reason.
  }
}

void Database::check() {
  if (file_facts_) {
    const auto there = os::find_facts(file_);
    if (!there || !there->is_same_file(*file_facts_)) {
      throw base::Error(base::ErrorKind::store,
                        fmt::format("store {}: the file was {} while it was open", file_,
                                    there ? "replaced by another" : "removed"),
                        "put it back; after a restore, start the worker anew");
    }
  }
  if (is_outdated()) {
    throw base::Error(base::ErrorKind::store,
                      fmt::format("store {}: migrated by a newer sched (schema {}, this one knows "
                                  "{})",
                                  file_, pragma("user_version"), schema_),
                      "start this one anew with the newer sched");
  }
}

bool Database::is_alone() const {
  constexpr std::uint64_t k_open = 128;  // UNIX_SHM_DMS in SQLite's os_unix.c, shared by all.
  const auto locks = os::held_locks(file_ + "-shm");
  return std::none_of(locks.begin(), locks.end(), [](const os::HeldLock& lock) {
    return lock.kind == os::HeldLock::Kind::posix && lock.pid != os::own_pid() &&
           lock.first <= k_open && k_open <= lock.last;
  });
}

std::optional<std::string> Database::reader() const {
  // WAL_READ_LOCK(0) to (4) in SQLite's wal.c.
  constexpr std::uint64_t k_first = 123;
  constexpr std::uint64_t k_last = 127;
  for (const os::HeldLock& lock : os::held_locks(file_ + "-shm")) {
    if (lock.kind == os::HeldLock::Kind::posix && !lock.exclusive && lock.pid > 0 &&
        lock.pid != os::own_pid() && lock.first <= k_last && k_first <= lock.last) {
      return fmt::format("process {} ({})", lock.pid, os::process_name(lock.pid));
    }
  }
  return std::nullopt;
}

namespace {

void roll_back(Database& db) {
  sqlite3_exec(db.raw().getHandle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

}  // namespace

void note_row(void* versions, int /*operation*/, const char* /*schema*/, const char* table,
              long long /*row*/) {
  constexpr std::array<std::string_view, 3> k_watched = {"queues", "lanes", "runs"};
  for (std::size_t at = 0; at < k_watched.size(); ++at) {
    if (k_watched[at] == table) {
      ++(*static_cast<std::array<std::uint64_t, 3>*>(versions))[at];
    }
  }
}

void Database::watch_changes() {
  // What this connection changes is seen row by row, also by triggers and by what hangs on a row.
  sqlite3_update_hook(db_.getHandle(), note_row, &versions_);
  sqlite3_rollback_hook(
      db_.getHandle(), [](void* self) { static_cast<Database*>(self)->all_may_have_changed(); },
      this);
}

std::uint64_t Database::version(Watched table) const {
  return in_transaction_ ? versions_[static_cast<std::size_t>(table)] : 0;
}

void Database::all_may_have_changed() {
  for (std::uint64_t& version : versions_) {
    ++version;
  }
}

void Database::begun() {
  const std::int64_t version = data_version();
  if (version != data_version_) {
    data_version_ = version;
    all_may_have_changed();
  }
  in_transaction_ = true;
}

Transaction::Transaction(Database& db) : db_(db) {
  Query(db_, "BEGIN IMMEDIATE").run();
  try {
    db_.check();
    db_.begun();
  } catch (const base::Error&) {
    roll_back(db_);
    throw;
  }
}

Transaction::~Transaction() {
  db_.ended();
  if (!done_) {
    roll_back(db_);
  }
}

void Transaction::touch() {
  // There and back: SQLite does not write what is the same already.
  Query(db_, "UPDATE tallies SET number = number + 1 WHERE what = 'tasks'").run();
  Query(db_, "UPDATE tallies SET number = number - 1 WHERE what = 'tasks'").run();
}

void Transaction::commit() {
  Query(db_, "COMMIT").run();
  db_.ended();
  done_ = true;
}

void make_durable(Database& db) {
  Transaction change(db);
  change.touch();
  change.commit();
}

Snapshot::Snapshot(Database& db) : db_(db) {
  Query(db_, "BEGIN").run();
  try {
    db_.begun();
  } catch (const base::Error&) {
    roll_back(db_);
    throw;
  }
}

Snapshot::~Snapshot() {
  db_.ended();
  // Nothing was changed, and to roll it back would make all forgotten that is remembered.
  if (sqlite3_exec(db_.raw().getHandle(), "COMMIT", nullptr, nullptr, nullptr) != SQLITE_OK) {
    roll_back(db_);
  }
}

}  // namespace sched::store
