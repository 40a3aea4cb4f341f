#pragma once

#include "cli/export_losses.hpp"
#include "security/environment.hpp"

#include <string>
#include <vector>

namespace sched::cli {

struct ExportedUnit {
  std::string file;  ///< "backup.timer"
  std::string text;
};

struct ExportedUnits {
  std::vector<ExportedUnit> units;
  bool is_whole = true;  ///< Nothing was lost; what was stands in the texts as comments.
};

/// Each task as a timer and the service that it starts, for the manager of a user. `account` has
/// what that manager sets by itself: HOME, SHELL, USER, LOGNAME.
ExportedUnits export_systemd(const std::vector<ExportedTask>& tasks,
                             const security::Environment& account, time::Instant now);

}  // namespace sched::cli
