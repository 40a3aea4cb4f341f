#pragma once

#include "store/database.hpp"

namespace sched::store {

/// The schema version that this program writes.
int newest_version();

/// Whether nothing is in it and nobody's mark is on it: a new file, or one that was emptied.
bool is_blank(Database& db);

/// Brings the database to newest_version(), each migration in one transaction; several processes
/// may try at once. Refuses (ErrorKind::store) a file of a newer version, and one that is not a
/// store of sched, and changes nothing of either.
void migrate(Database& db, const std::string& file);

/// Throws as migrate() does, and for a database without a schema too.
void check_is_store(Database& db, const std::string& file);

}  // namespace sched::store
