#include "store/database.hpp"

#include "os/facts.hpp"
#include "os/system_clock.hpp"
#include "store/write_lock.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cassert>
#include <chrono>
#include <random>
#include <thread>
#include <utility>

namespace sched::store {
namespace {

/// Between 50 µs and 2 ms, at random: SQLite's own handler backs off so far that one of several
/// busy writers starves.
void pause_at_random() {
  static thread_local std::minstd_rand random{std::random_device{}()};
  constexpr int k_longest_us = 2000;
  constexpr int k_shortest_us = 50;
  std::this_thread::sleep_for(std::chrono::microseconds(
      std::uniform_int_distribution<int>(k_shortest_us, k_longest_us)(random)));
}

int wait_for_lock(void*, int tries) {
  // By the clock: on a machine with too much to do a try takes far longer than its pause.
  constexpr time::Duration k_patience = std::chrono::seconds(10);
  static thread_local time::Duration since{};
  if (tries == 0) {
    since = os::monotonic_now();
  } else if (os::monotonic_now() - since > k_patience) {
    return 0;
  }
  pause_at_random();
  return 1;
}

/// For checkpoints. Giving up before the write lock is ours would turn the checkpoint into a
/// passive one, which is what must never be. Once it is ours only readers are in the way, and they
/// must not keep writers out for long.
int wait_for_checkpoint(void* file, int tries) {
  constexpr int k_patience_with_readers = 50;
  if (tries > k_patience_with_readers && tries % k_patience_with_readers == 0 &&
      write_lock_holder(*static_cast<const std::string*>(file)) == os::own_pid()) {
    return 0;
  }
  pause_at_random();
  return 1;
}

int open_flags(Database::Mode mode) {
  switch (mode) {
    case Database::Mode::create:
      return SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE;
    case Database::Mode::open:
      return SQLite::OPEN_READWRITE;
    case Database::Mode::read:
      break;
  }
  return SQLite::OPEN_READONLY;
}

/// There is one thread, so nothing is locked against another, and nobody asks for statistics of
/// memory: together an eighth of what a pass costs. Too late once SQLite is in use; then it stays
/// as it was, which is only slower.
void configure_library() {
  static const bool done = sqlite3_config(SQLITE_CONFIG_SINGLETHREAD) == SQLITE_OK &&
                           sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK;
  static_cast<void>(done);
}

SQLite::Database open(const std::string& file, Database::Mode mode) {
  configure_library();
  try {
    return SQLite::Database(file, open_flags(mode));
  } catch (const SQLite::Exception& failure) {
    throw to_error(failure, file);
  }
}

}  // namespace

std::string library_version() {
  return sqlite3_libversion();
}

base::Error to_error(const SQLite::Exception& failure, const std::string& file) {
  const auto error = [&](const std::string& why, std::string hint) {
    return base::Error(base::ErrorKind::store, fmt::format("store {}: {}", file, why),
                       std::move(hint));
  };
  switch (failure.getErrorCode() & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return busy_error(file);
    case SQLITE_NOTADB:
      return error("this file is no store of sched", "point --store or SCHED_STORE elsewhere");
    case SQLITE_CORRUPT:
      return error("the file is damaged",
                   "'sched restore' brings back a backup, 'sched salvage' what is readable");
    case SQLITE_FULL:
      return error("the disk is full", "make room, then try again; nothing was changed");
    case SQLITE_READONLY:
      return error("it can't be written",
                   "check the permissions, the mount and the limit of open files");
    case SQLITE_IOERR:
      return error(
          fmt::format("input/output error ({}): the outcome is unknown", failure.getErrorStr()),
          "look at what is there before trying again");
    case SQLITE_CANTOPEN:
      return error("it can't be opened", "check that the directory exists and is yours");
    default:
      return error(fmt::format("{} ({})", failure.what(), failure.getExtendedErrorCode()), {});
  }
}

Database::Database(const std::string& file, Mode mode) : file_(file), db_(open(file, mode)) {
  sqlite3_busy_handler(db_.getHandle(), wait_for_lock, nullptr);
  sqlite3_extended_result_codes(db_.getHandle(), 1);
  sqlite3_db_config(db_.getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_db_config(db_.getHandle(), SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
  sqlite3_db_config(db_.getHandle(), SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  watch_changes();
  // synchronous FULL: what was acknowledged survives a power failure.
  execute("PRAGMA wal_autocheckpoint=0; PRAGMA synchronous=FULL;");
}

void Database::execute(const std::string& sql) {
  try {
    db_.exec(sql);
  } catch (const SQLite::Exception& failure) {
    throw to_error(failure, file_);
  }
}

void Database::Prepared::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Database::Prepared& Database::prepared(const char* sql) {
  const auto found = statements_.find(sql);
  if (found != statements_.end()) {
    return found->second;
  }
  sqlite3_stmt* statement = nullptr;
  const int code =
      sqlite3_prepare_v3(db_.getHandle(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) {
    throw to_error(SQLite::Exception(db_.getHandle(), code), file_);
  }
  Prepared& prepared = statements_[sql];
  prepared.statement.reset(statement);
  return prepared;
}

std::int64_t Database::last_insert_id() const {
  return db_.getLastInsertRowid();
}

int Database::changes() const {
  return sqlite3_changes(db_.getHandle());
}

std::int64_t Database::data_version() {
  Query query(*this, "PRAGMA data_version");
  return query.step() ? query.integer(0) : 0;
}

std::int64_t Database::pragma(const std::string& name) {
  try {
    return db_.execAndGet("PRAGMA " + name).getInt64();
  } catch (const SQLite::Exception& failure) {
    throw to_error(failure, file_);
  }
}

std::string Database::journal_mode() {
  Query query(*this, "PRAGMA journal_mode");
  return query.step() ? query.text(0) : std::string();
}

bool Database::checkpoint() {
  sqlite3_busy_handler(db_.getHandle(), wait_for_checkpoint, &file_);
  const int code = sqlite3_wal_checkpoint_v2(db_.getHandle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE,
                                             nullptr, nullptr);
  sqlite3_busy_handler(db_.getHandle(), wait_for_lock, nullptr);
  return code == SQLITE_OK;
}

std::uint64_t Database::wal_bytes() const {
  std::error_code failure;
  const auto bytes = std::filesystem::file_size(file_ + "-wal", failure);
  return failure ? 0 : bytes;
}

void Database::checkpoint_past(std::uint64_t bound) {
  if (wal_bytes() > bound) {
    checkpoint();
  }
}

Query::Query(Database& db, const char* sql)
    : db_(db), prepared_(db.prepared(sql)), statement_(prepared_.statement.get()) {}

Query::~Query() {
  // What step() may have thrown is told already; bindings go, so that no value outlives its use.
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

void Query::check(int code) {
  if (code != SQLITE_OK) {
    throw to_error(SQLite::Exception(db_.raw().getHandle(), code), db_.raw().getFilename());
  }
}

int Query::place_of(const char* name) {
  for (const Database::Prepared::Place& place : prepared_.places) {
    if (place.name == name) {
      return place.index;
    }
  }
  const int index = sqlite3_bind_parameter_index(statement_, name);
  assert(index > 0 && "the statement has no such name");
  prepared_.places.push_back({name, index});
  return index;
}

Query& Query::bind(const char* name, std::int64_t value) {
  check(sqlite3_bind_int64(statement_, place_of(name), value));
  return *this;
}

Query& Query::bind(const char* name, const std::string& value) {
  check(sqlite3_bind_text64(statement_, place_of(name), value.data(), value.size(),
                            SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

Query& Query::bind_null(const char* name) {
  check(sqlite3_bind_null(statement_, place_of(name)));
  return *this;
}

Query& Query::bind_or_null(const char* name, const std::string& value) {
  return value.empty() ? bind_null(name) : bind(name, value);
}

bool Query::step() {
  const int code = sqlite3_step(statement_);
  if (code != SQLITE_ROW && code != SQLITE_DONE) {
    check(code);
  }
  return code == SQLITE_ROW;
}

int Query::run() {
  while (step()) {
  }
  const int changed = db_.changes();
  check(sqlite3_reset(statement_));
  return changed;
}

bool Query::is_null(int column) {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Query::integer(int column) {
  return sqlite3_column_int64(statement_, column);
}

std::string Query::text(int column) {
  const void* bytes = sqlite3_column_blob(statement_, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return size == 0 ? std::string() : std::string(static_cast<const char*>(bytes), size);
}

std::optional<time::Instant> Query::find_instant(int column) {
  return is_null(column) ? std::nullopt : std::optional(instant(column));
}

std::optional<std::int64_t> Query::find_integer(int column) {
  return is_null(column) ? std::nullopt : std::optional(integer(column));
}

}  // namespace sched::store
