#pragma once

#include "store/database.hpp"

#include <string>
#include <vector>

namespace sched::store {

/// Rows that each obey the schema and together say what can't be: a running run without an open
/// attempt, an open attempt of a run that does not run, attempts that the run does not count. In
/// words, at most `limit`. Reads in one read transaction.
std::vector<std::string> contradictions(Database& db, int limit);

/// Where the numbers that are kept (how many tasks, how many runs stand where) are not those of the
/// rows, in words.
std::vector<std::string> wrong_tallies(Database& db);
/// Counts the rows for them. Wants a Transaction around it.
void count_anew(Database& db);

/// Where the tables and indexes differ from those that this program makes, in words.
std::vector<std::string> schema_differences(Database& db);

/// The latest moment at which anything was written.
std::optional<time::Instant> newest_moment(Database& db);

}  // namespace sched::store
