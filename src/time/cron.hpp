#pragma once

#include "base/result.hpp"
#include "time/cron_dialect.hpp"
#include "time/readings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sched::time {

/// A cron expression, read.
struct CronExpression {
  std::string text;      ///< As it was written, without blanks around it.
  Readings readings;     ///< When it fires; none for "@reboot".
  bool at_boot = false;  ///< "@reboot": once for each start of the machine.
  /// What the person should be told, for it is taken but hardly meant: "*/100".
  std::vector<std::string> warnings;

  bool operator==(const CronExpression&) const = default;
};

/// Reads the five fields of crontab(5), or a macro in lower case (@yearly, @annually, @monthly,
/// @weekly, @daily, @midnight, @hourly, @reboot). In the extended dialect six fields begin with the
/// second, and seven end in the year as well.
///
/// If the text of either day field begins with "*", or is "?", a day must match both; otherwise one
/// is enough. "a~b" is one of its values, always the same for a task of this name: stable_pick().
///
/// All else is refused (ErrorKind::invalid_input): the message names the field, the byte of the
/// expression and the reason, the hint what was probably meant.
base::Result<CronExpression> parse_cron(std::string_view text, CronDialect dialect,
                                        std::string_view task_name);

}  // namespace sched::time
