#pragma once

#include "exchange/crontab.hpp"

#include <vector>

namespace sched::exchange {

/// The jobs as a crontab which parse_crontab reads back as these jobs. MAILTO, CRON_TZ,
/// RANDOM_DELAY and the like are variables of their environment, as they come from there.
///
/// What no crontab can say (a line break in a command, a zone or schedule that cron does not know)
/// is refused and stands in the text as a comment with the reason. A crontab can't take a variable
/// back: where one that was set for an earlier job reaches a later one, that is noted as changed.
/// CRON_TZ and RANDOM_DELAY do have values that mean none.
Written to_crontab(const std::vector<CrontabJob>& jobs, CrontabFormat format);

}  // namespace sched::exchange
