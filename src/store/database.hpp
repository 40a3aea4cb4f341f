#pragma once

#include "base/error.hpp"
#include "os/facts.hpp"
#include "time/instant.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

struct sqlite3_stmt;

namespace sched::store {

/// Tables of which a worker remembers rows from pass to pass.
enum class Watched { queues, lanes, runs };

/// The connection: settings, prepared statements that are kept, and one place where SQLite's
/// exceptions become base::Error (ErrorKind::store).
///
/// SQLite 3.7.0 to 3.51.2 can corrupt a WAL file when a passive checkpoint meets a writer that
/// resets it. So no checkpoint happens by itself; checkpoint() makes a TRUNCATE one, which holds
/// the write lock and is safe.
class Database {
 public:
  enum class Mode { create, open, read };

  /// ":memory:" or a file. Does not look at the schema.
  Database(const std::string& file, Mode mode);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Runs statements that return nothing.
  void execute(const std::string& sql);

  /// Read and bound by SQLite's own functions: SQLiteCpp counts owners of the statement with each
  /// column and looks each name up anew, which together is a tenth of a pass.
  struct Prepared {
    struct Finalize {
      void operator()(sqlite3_stmt* statement) const;
    };
    struct Place {
      const char* name;  ///< A literal: its address is what is looked for.
      int index;
    };
    std::unique_ptr<sqlite3_stmt, Finalize> statement;
    std::vector<Place> places;  ///< Of the names that were bound.
  };
  /// A prepared statement, kept for the life of the connection. `sql` must be a literal: its
  /// address is the key.
  Prepared& prepared(const char* sql);

  std::int64_t last_insert_id() const;
  /// Rows changed by the last statement.
  int changes() const;
  /// Changes when another connection has committed.
  std::int64_t data_version();
  /// In a Transaction a number that is another one as soon as rows of the table may be others than
  /// when it was asked for, whoever changed them or had it undone. 0: there is no Transaction, and
  /// nobody knows.
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
  /// about 50 ms. False: somebody was in the way, nothing is lost, try later.
  bool checkpoint();
  /// Who, besides us, is reading and so may keep checkpoint() from its end: "process 17 (sqlite3)".
  std::optional<std::string> reader() const;
  /// Bytes of the WAL file; 0 in memory.
  std::uint64_t wal_bytes() const;
  /// checkpoint(), when the WAL has grown past `bound` bytes.
  void checkpoint_past(std::uint64_t bound);

  SQLite::Database& raw() { return db_; }

 private:
  friend class Transaction;
  void watch_changes();
  void begun();
  void ended() { in_transaction_ = false; }
  void all_may_have_changed();

  std::string file_;
  SQLite::Database db_;
  std::int64_t schema_ = 0;                  ///< 0: not guarded.
  std::optional<os::FileFacts> file_facts_;  ///< When it was opened.
  std::unordered_map<const char*, Prepared> statements_;
  std::array<std::uint64_t, 3> versions_ = {1, 1, 1};  ///< By Watched.
  bool in_transaction_ = false;
  std::int64_t data_version_ = 0;  ///< When the last Transaction had begun.
};

/// One use of a prepared statement: binds by name, which must be a literal, steps, reads, and
/// resets at its end.
class Query {
 public:
  Query(Database& db, const char* sql);
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  Query& bind(const char* name, std::int64_t value);
  Query& bind(const char* name, int value) { return bind(name, static_cast<std::int64_t>(value)); }
  Query& bind(const char* name, const std::string& value);
  Query& bind(const char* name, const char* value) { return bind(name, std::string(value)); }
  Query& bind(const char* name, time::Instant value) { return bind(name, time::to_ms(value)); }
  Query& bind_null(const char* name);
  /// Empty text or an empty optional is NULL.
  Query& bind_or_null(const char* name, const std::string& value);
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
  std::string text(int column);
  time::Instant instant(int column) { return time::from_ms(integer(column)); }
  std::optional<time::Instant> find_instant(int column);
  std::optional<std::int64_t> find_integer(int column);

 private:
  int place_of(const char* name);
  void check(int code);

  Database& db_;
  Database::Prepared& prepared_;
  sqlite3_stmt* statement_;
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
