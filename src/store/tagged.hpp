#pragma once

#include "model/ids.hpp"
#include "store/database.hpp"

#include <string>
#include <vector>

namespace sched::store {

// The runs of all tasks with a tag.

/// Dead letters in whose place no fallback runs, in the order of their ends.
std::vector<model::RunId> dead_of_tag(Database& db, const std::string& tag);
/// Holds those of which no attempt has begun, or none since they were retried by hand, but for
/// those that gave way; how many.
int hold_unstarted_of_tag(Database& db, const std::string& tag, const std::string& reason);
/// Notes that a bound was met while those ran that would be among them without their attempt.
void note_bound_of_tag(Database& db, const std::string& tag);

}  // namespace sched::store
