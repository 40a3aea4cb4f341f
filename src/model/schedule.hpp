#pragma once

#include "base/result.hpp"
#include "time/instant.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sched::model {

/// One thing that makes a task fire again and again, as it was written. What it means is time's
/// business.
struct Timer {
  enum class Kind {
    cron,           ///< "0 9 * * 1", "@daily"
    cron_extended,  ///< "0 0 9 ? * MON-FRI"
    calendar,       ///< "Mon..Fri 09:00"
    every,          ///< "15m"
  };
  Kind kind = Kind::cron;
  std::string text;
  bool operator==(const Timer&) const = default;
};
const char* to_string(Timer::Kind kind);
std::optional<Timer::Kind> parse_timer_kind(std::string_view text);

/// What becomes of firings that fell while no worker ran.
struct CatchUp {
  enum class Kind {
    none,  ///< They are missed.
    last,  ///< The newest runs, the others are missed.
    all,   ///< They run, oldest first.
  };
  Kind kind = Kind::last;
  int limit = 0;  ///< Of `all`: only the newest so many run; 0 is no bound.
  bool operator==(const CatchUp&) const = default;
};
/// Reads "none", "last", "all" or "all:10".
base::Result<CatchUp> parse_catch_up(std::string_view text);
std::string to_string(const CatchUp& catch_up);

/// What a firing does when the last run of its task has not finished.
enum class Overlap {
  skip,     ///< It is recorded as skipped.
  queue,    ///< It waits for that run.
  replace,  ///< That run is cancelled first.
  allow,    ///< Both run.
};
const char* to_string(Overlap overlap);
base::Result<Overlap> parse_overlap(std::string_view text);

/// Days, and times of days: those of any of `expressions` (calendar expressions, one without a time
/// stands for its whole days) and those of `days`.
struct DaySelection {
  std::vector<std::string> expressions;
  std::vector<std::chrono::local_days> days;  ///< Ascending.
  std::string file;                           ///< Where `days` came from; "" when from none.
  bool empty() const { return expressions.empty() && days.empty() && file.empty(); }
  bool operator==(const DaySelection&) const = default;
};

/// When a task fires that does so more than once, and what becomes of firings that can't be had.
struct Schedule {
  std::vector<Timer> timers;
  std::string zone;  ///< Of tzdata, by name.
  /// What `every` counts from; empty counts from when the task was added.
  std::optional<time::Instant> anchor;
  bool anchor_given = false;  ///< A person named it; else it is the moment of the add.
  bool from_finish = false;   ///< `every` is the time between the end of a run and the next.

  std::optional<time::Instant> not_before;
  std::optional<time::Instant> not_after;
  std::optional<int> count;  ///< So many runs.
  DaySelection except;
  DaySelection only;  ///< Empty: all days.

  CatchUp catch_up;
  time::Duration grace{};  ///< A firing that is later than that is missed; 0 is never too late.
  Overlap overlap = Overlap::skip;
  time::Duration
      jitter{};  ///< The start is put off by up to that, always by the same for one task.
  bool operator==(const Schedule&) const = default;
};

}  // namespace sched::model
