// Transactions, and what must be true of the file for one to begin.
#include "os/held_locks.hpp"
#include "os/process.hpp"
#include "store/database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

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

Transaction::Transaction(Database& db) : db_(db) {
  Query(db_, "BEGIN IMMEDIATE").run();
  try {
    db_.check();
  } catch (const base::Error&) {
    roll_back(db_);
    throw;
  }
}

Transaction::~Transaction() {
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
  done_ = true;
}

void make_durable(Database& db) {
  Transaction change(db);
  change.touch();
  change.commit();
}

Snapshot::Snapshot(Database& db) : db_(db) {
  Query(db_, "BEGIN").run();
}

Snapshot::~Snapshot() {
  roll_back(db_);
}

}  // namespace sched::store
