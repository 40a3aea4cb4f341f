#pragma once

#include "model/claim.hpp"
#include "model/deadline.hpp"
#include "model/ending.hpp"
#include "model/ids.hpp"
#include "model/outcome.hpp"
#include "model/run_state.hpp"
#include "time/instant.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace sched::model {

/// How many edges a run has, and how they stand. What is neither open nor satisfied is refused.
struct EdgeCounts {
  int total = 0;
  int open = 0;
  int satisfied = 0;
  bool operator==(const EdgeCounts&) const = default;
};

/// One occurrence of a task.
struct Run {
  RunId id;
  TaskId task;
  RunId flow;                  ///< The root run of its flow; 0 when it is alone.
  std::string trigger;         ///< What fired it: "once", "manual", "time", "boot", "flow:17" (with
                               ///< that run), or model::trigger_of() the end that it handles.
  time::Instant nominal_at{};  ///< The moment that it stands for.
  std::int64_t firings = 1;    ///< More when many were missed together: `nominal_at` is the last.
  bool in_turn = false;        ///< It starts only once all earlier runs of its task are over.

  RunState state = RunState::waiting;
  std::optional<Outcome> outcome;  ///< Only when finished.
  std::optional<int> exit_code;    ///< Of the last attempt, when it exited.
  std::string reason;              ///< One line: why it ended so, or what it waits for.

  int priority = 0;
  time::Instant not_before{};           ///< Its moment, or that of its next attempt.
  std::optional<time::Instant> due_at;  ///< When it may be queued; empty while other runs or a
                                        ///< pause stand in its way. Only while waiting.
  EdgeCounts edges;
  int attempts = 0;        ///< Number of the last attempt.
  int spent_attempts = 0;  ///< Those before the last retry by hand: they no longer count.
  int displaced = 0;       ///< Since then: those that gave way, which don't either.
  int shed = 0;            ///< How often it was told to for want of memory since one counted last.
  bool cancel_requested = false;
  RunDeadlines deadlines;
  bool late = false;  ///< Its soft deadline passed before its end, and that has been told.

  time::Instant created_at{};
  std::optional<time::Instant> started_at;  ///< Of its last attempt.
  std::optional<time::Instant> finished_at;
  std::optional<time::Instant> suspended_at;  ///< Its last attempt runs, and stands still since.
  std::optional<time::Instant> resumed_at;    ///< When that went on last.
  time::Duration stood{};                     ///< How long that stood still before.

  /// Of a bad end: when somebody saw to it, or it was made good for; until then it is a dead
  /// letter.
  std::optional<time::Instant> resolved_at;
  std::string resolution;  ///< What was said of that.
};

/// It ended badly, all its attempts are used up, and nobody has seen to it.
bool is_dead(const Run& run);

/// One execution of a run, as the store remembers it.
struct Attempt {
  Claim claim;
  LauncherId launcher;
  time::Instant claimed_at{};
  std::optional<Outcome> outcome;  ///< Empty while it runs.
  std::string reason;              ///< Why it ended so.
  std::optional<Ending> ending;    ///< Empty while it runs.
  std::string strays;              ///< Its processes that SIGKILL did not end in time; "" is none.
};

}  // namespace sched::model
