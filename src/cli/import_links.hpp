#pragma once

#include "cli/import_plan.hpp"
#include "store/store.hpp"

namespace sched::cli {

/// Gives the jobs their handlers: tasks of this import, or of the store if there is one. What is no
/// task is said in the report. A kind of which a unit says nothing stays as the task has it, and so
/// do its queue and what it comes after. To be called when all have their names.
void link_jobs(ImportPlan& plan, store::Store* store);

}  // namespace sched::cli
