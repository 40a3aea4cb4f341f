#pragma once

#include "base/error.hpp"
#include "os/facts.hpp"
#include "time/instant.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sched::store {

/// Past so many bytes the WAL is copied into the database even under load. That holds the write
/// lock: some 4 ms for these, 13 for four times as many.
inline constexpr std::uint64_t k_log_bound = 2U << 20U;

/// Tables of which a worker remembers rows from pass to pass.
enum class Watched { queues, lanes, runs };

/// A prepared statement, and the numbers of its parameters in the order in which they were bound
/// last: as a rule it is the same each time, and to look a name up costs more than to bind it.
struct Prepared {
  struct Finalize {
    void operator()(sqlite3_stmt* prepared) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement;
  std::vector<std::pair<const char*, int>> parameters;
};

/// The connection: settings, prepared statements that are kept, and one place where SQLite's
/// exceptions become base::Error (ErrorKind::store).
///
/// SQLite 3.7.0 to 3.51.2 can corrupt a WAL file when a passive checkpoint meets a writer that
/// resets it. So no checkpoint happens by itself; checkpoint() and shorten_log() make one that
/// holds the write lock and is safe.
class Database {
 public:
  enum class Mode { create, open, read };

  /// ":memory:" or a file. Does not look at the schema.
  Database(const std::string& file, Mode mode);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Runs statements that return nothing.
  void execute(const std::string& sql);

  /// Kept for the life of the connection. `sql` must be a literal: its address is the key.
  Prepared& prepared(const char* sql);

  std::int64_t last_insert_id() const;
  /// Rows changed by the last statement.
  int changes() const;
  /// Changes when another connection has committed.
  std::int64_t data_version();
  /// In a Transaction or Snapshot a number that is another one as soon as rows of the table may be
  /// others than when it was asked for, whoever changed them or had it undone. 0: there is neither,
  /// and nobody knows.
  std::uint64_t version(Watched table) const;
  std::int64_t pragma(const std::string& name);
  std::string journal_mode();

  /// From now on a Transaction is refused, and check() throws, when the file that we have open is
  /// no longer the one of that name, or when a newer version has migrated it to another schema.
  void guard(std::int64_t schema);
  /// Throws base::Error (ErrorKind::store) that says which.
  void check();
  /// Whether a newer version has migrated it.
  bool is_outdated();

  /// Copies the WAL into the database and truncates it; waits for writers without end, for readers
  /// about 20 ms. False: somebody was in the way, nothing is lost, try later.
  bool checkpoint();
  /// Copies the WAL into the database as checkpoint() does, and leaves the file as long as it is,
  /// unless a long reader has let it grow: who writes next begins at its start. To sync what is
  /// overwritten costs less than to sync a file that grows.
  bool shorten_log();
  /// shorten_log(), when the WAL has more than `bound` bytes.
  void shorten_log_past(std::uint64_t bound);
  /// Bytes of what was in the WAL when this connection last committed.
  std::uint64_t log_bytes() const;
  /// Who, besides us, is reading and so may keep a checkpoint from its end: "process 17 (sqlite3)".
  std::optional<std::string> reader() const;
  /// Whether no other process has it open; true where the kernel does not tell. Who opens it next
  /// then begins by reading the whole WAL.
  bool is_alone() const;
  /// Bytes of the WAL file, used or not; 0 in memory.
  std::uint64_t wal_bytes() const;

  SQLite::Database& raw() { return db_; }

 private:
  friend class Transaction;
  friend class Snapshot;
  bool checkpoint(int mode);
  void watch_changes();
  void begun();
  void ended() { in_transaction_ = false; }
  void all_may_have_changed();

  std::string file_;
  SQLite::Database db_;
  int log_pages_ = 0;                        ///< In the WAL after our last commit.
  std::int64_t schema_ = 0;                  ///< 0: not guarded.
  std::optional<os::FileFacts> file_facts_;  ///< When it was opened.
  std::unordered_map<const char*, Prepared> statements_;
  std::array<std::uint64_t, 3> versions_ = {1, 1, 1};  ///< By Watched.
  bool in_transaction_ = false;
  std::int64_t data_version_ = 0;  ///< When the last Transaction had begun.
};

/// One use of a prepared statement: binds by name, steps, reads, and resets at its end. Names must
/// be literals, as `sql` must. Parameters without a name ("?") are bound in their order.
class Query {
 public:
  Query(Database& db, const char* sql);
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  Query& bind(const char* name, std::int64_t value);
  Query& bind(const char* name, int value) { return bind(name, static_cast<std::int64_t>(value)); }
  Query& bind(const char* name, std::string_view value);
  Query& bind(const char* name, time::Instant value) { return bind(name, time::to_ms(value)); }
  Query& bind_null(const char* name);
  /// Empty text or an empty optional is NULL.
  Query& bind_or_null(const char* name, std::string_view value);
  template <typename T>
  Query& bind_or_null(const char* name, const std::optional<T>& value) {
    return value ? bind(name, *value) : bind_null(name);
  }

  /// True while there is a row.
  bool step();
  /// Steps to the end; for statements without rows. Returns the number of rows changed, and the
  /// Query may be bound and run again.
  int run();

  bool is_null(int column);
  std::int64_t integer(int column);
  std::string text(int column) { return std::string(view(column)); }
  std::string_view view(int column);  ///< A text where it lies, until the next step.
  time::Instant instant(int column) { return time::from_ms(integer(column)); }
  std::optional<time::Instant> find_instant(int column);
  std::optional<std::int64_t> find_integer(int column);

 private:
  int place_of(const char* name);

  Database& db_;
  Prepared& prepared_;
  sqlite3_stmt* statement_;
  std::size_t bound_ = 0;  ///< So many parameters since the last run.
};

/// A write transaction: IMMEDIATE, so that nobody else decides on the same rows meanwhile. Nothing
/// begins on a file that check() refuses: another version may have migrated it while we waited for
/// the lock. Without commit() it is undone.
class Transaction {
 public:
  explicit Transaction(Database& db);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  /// Has commit() write and sync even when nothing was changed. What a commit wrote whose sync
  /// failed can be read as if it were kept: to rely on what was read, one has to sync after it.
  void touch();
  void commit();

 private:
  Database& db_;
  bool done_ = false;
};

/// Makes all that can be read now survive a power cut; see Transaction::touch().
void make_durable(Database& db);

/// A read transaction: all reads see one moment.
class Snapshot {
 public:
  explicit Snapshot(Database& db);
  ~Snapshot();
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  Database& db_;
};

/// Of the SQLite library in use: "3.40.1".
std::string library_version();

/// `failure` as an error of ours: what SQLite said, and the way out.
base::Error to_error(const SQLite::Exception& failure, const std::string& file);

}  // namespace sched::store
