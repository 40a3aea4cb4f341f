#pragma once

#include "store/database.hpp"

#include <string>
#include <vector>

namespace sched::store {

/// What SQLite's own checks say against a database, in its words, at most `limit` of them: pages
/// and indexes that don't agree, rows that a constraint or a foreign key forbids. Empty: it is
/// sound. Reads all of it, in one read transaction. Throws ErrorKind::store when not even that can
/// be done.
std::vector<std::string> damage_of(Database& db, int limit);

}  // namespace sched::store
