#include "store/writable.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

namespace sched::store {

void require_writable(Database& db) {
  constexpr int k_primary = 0xFF;
  sqlite3* const handle = db.raw().getHandle();
  const int code = sqlite3_exec(handle, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) {
    sqlite3_exec(handle, "ROLLBACK", nullptr, nullptr, nullptr);
  }
  // On a database that was opened to be read, BEGIN IMMEDIATE is no error; on such a WAL it is.
  if (sqlite3_db_readonly(handle, "main") == 1 || (code & k_primary) == SQLITE_READONLY) {
    throw base::Error(base::ErrorKind::store,
                      fmt::format("store {}: it can't be written", db.raw().getFilename()),
                      "check the permissions, the mount and the limit of open files");
  }
}

}  // namespace sched::store
