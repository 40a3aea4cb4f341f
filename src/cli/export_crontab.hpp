#pragma once

#include "cli/export_losses.hpp"
#include "security/environment.hpp"

#include <string>
#include <vector>

namespace sched::cli {

/// Text in another scheduler's language.
struct Exported {
  std::string text;
  bool is_whole = true;  ///< Nothing was lost; what was stands in the text as a comment.
};

/// The tasks as lines of a crontab, in their order. `account` has the HOME that cron would set.
Exported export_crontab(const std::vector<ExportedTask>& tasks,
                        const security::Environment& account, time::Instant now);

}  // namespace sched::cli
