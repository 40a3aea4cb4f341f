#include "store/database.hpp"

#include "os/facts.hpp"
#include "os/system_clock.hpp"
#include "store/write_lock.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

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
  constexpr int k_patience_with_readers = 20;
  if (tries > 0 && tries % k_patience_with_readers == 0 &&
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
/// memory: together an eighth of what a pass costs. What a statement that fails would have to undo
/// is in memory up to a size that those of fifty rows hardly reach; past 64 KiB it would go through
/// a file, once begun for all that follows in the transaction. No more than this: of a write of
/// 2^17 bytes or more SQLite's unix VFS takes the rest of the division by 2^17 (3.40.1,
/// seekAndWriteFd), writes nothing of what is left at last, and calls the disk full. Too late once
/// SQLite is in use; then it stays as it was, which is only slower.
void configure_library() {
  constexpr int k_undo_bytes = (1 << 17) - 1;
  static const bool done = sqlite3_config(SQLITE_CONFIG_SINGLETHREAD) == SQLITE_OK &&
                           sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK &&
                           sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, k_undo_bytes) == SQLITE_OK;
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
  // It takes the place of the hook by which SQLite makes checkpoints.
  const auto note_pages = [](void* pages, sqlite3*, const char*, int count) {
    *static_cast<int*>(pages) = count;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(db_.getHandle(), note_pages, &log_pages_);
  // synchronous FULL: what was acknowledged survives a power failure.
  execute("PRAGMA synchronous=FULL;");
}

void Database::execute(const std::string& sql) {
  try {
    db_.exec(sql);
  } catch (const SQLite::Exception& failure) {
    throw to_error(failure, file_);
  }
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

bool Database::checkpoint(int mode) {
  sqlite3_busy_handler(db_.getHandle(), wait_for_checkpoint, &file_);
  const int code = sqlite3_wal_checkpoint_v2(db_.getHandle(), nullptr, mode, nullptr, nullptr);
  sqlite3_busy_handler(db_.getHandle(), wait_for_lock, nullptr);
  if (code == SQLITE_OK) {
    log_pages_ = 0;
  }
  return code == SQLITE_OK;
}

bool Database::checkpoint() {
  return checkpoint(SQLITE_CHECKPOINT_TRUNCATE);
}

bool Database::shorten_log() {
  return checkpoint(wal_bytes() > 4 * k_log_bound ? SQLITE_CHECKPOINT_TRUNCATE
                                                  : SQLITE_CHECKPOINT_RESTART);
}

void Database::shorten_log_past(std::uint64_t bound) {
  if (log_bytes() > bound) {
    shorten_log();
  }
}

std::uint64_t Database::log_bytes() const {
  constexpr std::uint64_t k_page_and_its_head = 4096 + 24;
  return static_cast<std::uint64_t>(log_pages_) * k_page_and_its_head;
}

std::uint64_t Database::wal_bytes() const {
  std::error_code failure;
  const auto bytes = std::filesystem::file_size(file_ + "-wal", failure);
  return failure ? 0 : bytes;
}

}  // namespace sched::store
