#pragma once

#include "exchange/crontab.hpp"

namespace sched::exchange {

/// What is to be said about an assignment that cron takes. Refused are a name that no shell reads
/// and a zone that tzdata does not know.
Note advise(const CrontabAssignment& assignment);

/// What is to be said about a job that is taken; `text` is its line from the command on. The first
/// is of the kind `taken`.
std::vector<Note> advise(const CrontabJob& job, std::string_view text);

}  // namespace sched::exchange
