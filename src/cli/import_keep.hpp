#pragma once

#include "cli/import_plan.hpp"
#include "store/store.hpp"

#include <vector>

namespace sched::cli {

/// Refuses, in the report, the jobs that no store would take: a schedule that never fires, for one.
void check_import(ImportPlan& plan, time::Instant now);

/// Gives every job its name and says in the report whether it is new, updated or unchanged; without
/// a store all are new. What a person has changed in a task since, and its source does not speak
/// of, stays.
void match_import(ImportPlan& plan, store::Store* store);

/// Writes the tasks that are new or updated; the others are left alone. Wants a Transaction.
void keep_import(ImportPlan& plan, store::Store& store, time::Instant now);

/// Reports the tasks that an earlier import made from these sources and that are not there any
/// more, and removes them when `prune`. Returns their runs, whose logs are to be removed after the
/// commit. Wants a Transaction.
std::vector<model::Run> prune_import(ImportPlan& plan, store::Store& store, bool prune);

}  // namespace sched::cli
