#pragma once

#include "cli/import_plan.hpp"

#include <filesystem>
#include <string>

namespace sched::cli {

/// Adds a timer with the service that it starts, and the drop-ins of both. `timer` is a path, or
/// the name of a unit that systemd would find below `root`. The service is looked for beside it
/// first. Throws not_found when there is no such timer.
void plan_timer(ImportPlan& plan, const ImportOwner& owner, const std::string& timer,
                const std::filesystem::path& root);

}  // namespace sched::cli
