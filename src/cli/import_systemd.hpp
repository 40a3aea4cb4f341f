#pragma once

#include "cli/import_plan.hpp"

#include <filesystem>
#include <string>

namespace sched::cli {

/// Adds a timer with the service that it starts, or a service alone, with their drop-ins. `given`
/// is a path, or the name of a unit that systemd would find below `root`. The service is looked for
/// beside its timer first. Throws not_found when there is no such unit.
void plan_unit(ImportPlan& plan, const ImportOwner& owner, const std::string& given,
               const std::filesystem::path& root);

}  // namespace sched::cli
