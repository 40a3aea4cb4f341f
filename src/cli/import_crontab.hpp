#pragma once

#include "cli/import_plan.hpp"
#include "exchange/crontab_line.hpp"

#include <filesystem>
#include <string>

namespace sched::cli {

/// A crontab's text and what it is.
struct CrontabText {
  std::string file;    ///< As the report calls it.
  std::string source;  ///< What its tasks' keys begin with: "crontab:/srv/jobs".
  std::string text;
  exchange::CrontabFormat format = exchange::CrontabFormat::user;
};

/// Adds its jobs and notes to the plan.
void plan_crontab(ImportPlan& plan, const ImportOwner& owner, const CrontabText& crontab);

/// The crontab that cron keeps for this account. Throws not_found when there is none.
CrontabText read_users_crontab(const ImportOwner& owner, const std::filesystem::path& root);

/// /etc/crontab and what cron reads of /etc/cron.d, below `root`; what cron would pass over goes
/// into the report.
void plan_system_crontabs(ImportPlan& plan, const ImportOwner& owner,
                          const std::filesystem::path& root);

}  // namespace sched::cli
