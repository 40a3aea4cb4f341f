#pragma once

#include "model/deadline.hpp"
#include "model/run_state.hpp"
#include "time/instant.hpp"

#include <optional>
#include <string>

namespace sched::rules {

/// What is known of an unfinished run that has deadlines.
struct DeadlineFacts {
  model::RunDeadlines deadlines;
  model::RunState state = model::RunState::waiting;
  bool late = false;                    ///< It has been told that the soft one passed.
  std::optional<time::Duration> usual;  ///< How long its task takes, where that is known.
};

/// What follows from its deadlines at this moment.
struct DeadlineVerdict {
  bool is_late = false;                  ///< The soft one has passed, and that is to be told.
  std::string missed;                    ///< Why it can't meet the hard one any more; "": it can.
  std::optional<time::Instant> look_at;  ///< When something may follow again.
};

/// What runs is left alone: its attempt ends with its hard deadline, see attempt_limit().
DeadlineVerdict judge_deadlines(const DeadlineFacts& facts, time::Instant now);

/// How long an attempt that starts now may take: its time limit (0 is none), or what is left until
/// its hard deadline; 0 is for ever.
time::Duration attempt_limit(time::Duration timeout, const std::optional<time::Instant>& hard,
                             time::Instant now);

}  // namespace sched::rules
