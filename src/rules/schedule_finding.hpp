#pragma once

#include "model/schedule.hpp"
#include "time/timetable.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sched::rules {

/// How the file that days came from stands to what was read from it then.
enum class DayFile { same, changed, gone };

/// One task with a schedule, as checks of schedules look at it.
struct ScheduleFacts {
  std::string label;
  model::Schedule schedule;
  std::optional<int> runs_left;
  std::vector<time::Duration> durations;  ///< Of its newest runs that succeeded.
  DayFile except_file = DayFile::same;
  DayFile only_file = DayFile::same;
};

/// What looks wrong in a schedule, and what mends it.
struct Finding {
  std::string task;  ///< Its label.
  std::string kind;  ///< A stable word.
  std::string what;
  std::string remedy;
};

/// The facts with what the schedule comes down to.
struct ReadFacts {
  const ScheduleFacts& facts;
  time::Timetable table;
};

}  // namespace sched::rules
