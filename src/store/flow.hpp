#pragma once

#include "model/ids.hpp"
#include "store/database.hpp"

#include <vector>

namespace sched::store {

// The runs of one flow, by its root run.

/// Those that ended badly, and in whose place no fallback runs; in the order of their ends.
std::vector<model::RunId> failed_of_flow(Database& db, model::RunId flow);
/// Those of which no attempt has begun, or none since they were retried by hand, but for those that
/// gave way; oldest first.
std::vector<model::RunId> unstarted_of_flow(Database& db, model::RunId flow);
/// Notes that a bound was met while those ran that would be among them without their attempt.
void note_bound_of_flow(Database& db, model::RunId flow);
/// Whether that was noted in the last attempt of a run.
bool has_met_bound(Database& db, model::RunId run);

}  // namespace sched::store
