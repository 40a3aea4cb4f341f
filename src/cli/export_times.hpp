#pragma once

#include "base/result.hpp"
#include "model/task.hpp"

#include <string>
#include <vector>

namespace sched::cli {

/// One line of a crontab, as far as it says when.
struct CronTime {
  std::string schedule;
  std::string zone;    ///< "" is the machine's.
  std::string remark;  ///< What is written otherwise, and means the same; "" for nothing.
  std::string loss;    ///< What does not mean the same; "" for nothing.
};

/// A timer of the task as cron says it. Refused (ErrorKind::invalid_input) when it can't be said;
/// `now` is when offsets of zones are looked at.
base::Result<CronTime> to_cron_time(const model::Timer& timer, const model::Task& task,
                                    time::Instant now);

/// Expressions of OnCalendar=, of which any fires.
struct CalendarTimes {
  std::vector<std::string> expressions;
  std::string remark;
  std::string loss;
};

/// The same for OnCalendar=; what fires at the start of the machine is refused too.
base::Result<CalendarTimes> to_calendar_times(const model::Timer& timer, const model::Task& task,
                                              time::Instant now);

/// Whether it is "@reboot".
bool is_at_boot(const model::Timer& timer);

}  // namespace sched::cli
