#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace sched::exchange {

enum class CrontabFormat {
  user,    ///< What crontab(1) edits: schedule and command.
  system,  ///< /etc/crontab and cron.d: the account stands between the two.
};

/// A job's line taken apart, before `%` is looked at.
struct JobLine {
  std::string schedule;  ///< Five fields or a macro as written, with one blank between fields.
  std::string user;      ///< Only in the system format.
  std::string text;      ///< The rest of the line, blanks at its end included.
  bool quiet = false;    ///< `-` before the schedule: cron does not log its starts.
  std::string flags;     ///< Letters of options before the command: n (mail on failure only), q, s.
};

/// Reads a line that is neither empty, comment nor assignment. Refused (ErrorKind::invalid_input)
/// with what is missing or wrong, and where it is plain what was meant, the hint says so.
base::Result<JobLine> read_job_line(std::string_view line, CrontabFormat format);

}  // namespace sched::exchange
