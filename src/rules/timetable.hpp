#pragma once

#include "base/result.hpp"
#include "model/schedule.hpp"
#include "time/timetable.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sched::rules {

/// What a schedule comes down to, and what is odd about its words.
struct ReadTimetable {
  time::Timetable table;
  std::vector<std::string> warnings;
};

/// Reads what a schedule says. `name` is the task's, from which a `~` of cron draws its stable
/// choice. What can't be read is refused, and the message names the option that said it.
base::Result<ReadTimetable> read_timetable(const model::Schedule& schedule, std::string_view name);

/// The first firing after the end of a run, where the schedule counts from there.
std::optional<time::Instant> next_from_finish(const time::Timetable& table, time::Instant ended);

/// Whether an @reboot is among the timers.
bool fires_at_boot(const time::Timetable& table);

/// By how much a task of that name puts off its starts: from 0 to, but without, `jitter`; always
/// the same.
time::Duration jitter_of(std::string_view name, time::Duration jitter);

}  // namespace sched::rules
