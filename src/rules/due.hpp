#pragma once

#include "model/schedule.hpp"
#include "time/timetable.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sched::rules {

/// Firings that did not run because their moment had passed.
struct Missed {
  std::int64_t count = 0;
  bool more = false;  ///< There were more than were counted.
  time::Instant first;
  time::Instant last;
  std::string reason;
};

/// One firing that is to run.
struct DueFiring {
  time::Instant nominal_at;
  bool is_late = false;  ///< It fell while no worker ran, and is made up for.
};

/// What is to be done about the firings of one task that have come.
struct Due {
  std::optional<Missed> missed;
  std::vector<DueFiring> firings;     ///< The earliest first.
  std::optional<time::Instant> next;  ///< The first that is left to be done, maybe at once.
};

/// `first` is the first moment that was not dealt with. What is `on time` fires: what came since
/// `working_since`, no more than a minute ago; all else is late, and catch-up and grace say what
/// becomes of it. `runs_left` bounds how many fire; `next` is there all the same, for a firing may
/// come to nothing. One answer holds at most a thousand firings, so
/// that no transaction grows without end.
Due due(const time::Timetable& table, const model::Schedule& schedule, time::Instant first,
        time::Instant now, time::Instant working_since, std::optional<int> runs_left);

}  // namespace sched::rules
