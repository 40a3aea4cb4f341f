#pragma once

#include "cli/import_plan.hpp"

namespace sched::cli {

/// The report, a line each: where it stands, what became of it, what it is. With --json an array of
/// objects.
void report_import(Session& session, const ImportPlan& plan);

/// "3 taken, 1 updated", without what there is none of.
std::string summary_of_import(const ImportPlan& plan);

}  // namespace sched::cli
