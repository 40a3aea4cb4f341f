#pragma once

#include "cli/import_plan.hpp"

#include <filesystem>

namespace sched::cli {

/// Adds the jobs of at's spool. Throws not_found when the directory can't be read.
void plan_at_jobs(ImportPlan& plan, const ImportOwner& owner, const std::filesystem::path& spool);

}  // namespace sched::cli
