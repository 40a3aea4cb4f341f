#include "store/migrator.hpp"

#include <fmt/format.h>

#include <array>

namespace sched::store {
namespace {

struct Migration {
  const char* name;
  const char* sql;
};

constexpr Migration k_migrations[] = {
#include "store/migrations.inc"
};

constexpr std::int64_t k_application_id = 0x73636864;  // "schd"

base::Error newer(const std::string& file, std::int64_t version) {
  return {base::ErrorKind::store,
          fmt::format("store {}: written by a newer sched (schema {}, this one knows {})", file,
                      version, newest_version()),
          "use the newer sched; nothing was changed"};
}

base::Error foreign(const std::string& file) {
  return {base::ErrorKind::store,
          fmt::format("store {}: a database of another program, no store of sched", file),
          "point --store or SCHED_STORE elsewhere; nothing was changed"};
}

}  // namespace

int newest_version() {
  return static_cast<int>(std::size(k_migrations));
}

bool is_blank(Database& db) {
  return db.pragma("application_id") == 0 && db.pragma("user_version") == 0 &&
         !Query(db, "SELECT 1 FROM sqlite_schema LIMIT 1").step();
}

void check_is_store(Database& db, const std::string& file) {
  if (db.pragma("application_id") != k_application_id) {
    throw foreign(file);
  }
  if (const std::int64_t version = db.pragma("user_version"); version > newest_version()) {
    throw newer(file, version);
  }
}

void migrate(Database& db, const std::string& file) {
  std::int64_t version = db.pragma("user_version");
  const std::int64_t application = db.pragma("application_id");
  if (application == k_application_id && version == newest_version()) {
    return;
  }
  if (application != k_application_id && !is_blank(db)) {
    throw foreign(file);
  }
  if (version > newest_version()) {
    throw newer(file, version);
  }
  if (db.pragma("page_count") <= 1) {
    // Outside of a transaction, and kept in the file from now on.
    db.execute("PRAGMA journal_mode=WAL");
  }
  Transaction change(db);
  version =
      db.pragma("user_version");  // again, under the lock: another process may have been first
  for (auto i = static_cast<std::size_t>(version); i < std::size(k_migrations); ++i) {
    db.execute(k_migrations[i].sql);
  }
  db.execute(fmt::format("PRAGMA application_id={}; PRAGMA user_version={}", k_application_id,
                         newest_version()));
  change.commit();
}

}  // namespace sched::store
