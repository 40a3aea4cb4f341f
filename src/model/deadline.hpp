#pragma once

#include "base/result.hpp"
#include "time/instant.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sched::model {

/// By when a run is to have ended: so long after its nominal time, or at a fixed moment. One of the
/// two is set.
struct Deadline {
  std::optional<time::Duration> within;
  std::optional<time::Instant> at;
  bool operator==(const Deadline&) const = default;
};

/// Reads "2h" or an RFC 3339 moment; to_string() undoes it.
base::Result<Deadline> parse_deadline(std::string_view text);
std::string to_string(const Deadline& deadline);

/// The moment that it means for a run of that nominal time.
time::Instant moment_of(const Deadline& deadline, time::Instant nominal_at);

/// What a task says of ends that come late. When the soft one passes that is told, and the run goes
/// on; what can't meet the hard one does not run.
struct TaskDeadlines {
  std::optional<Deadline> soft;
  std::optional<Deadline> hard;
  bool empty() const { return !soft && !hard; }
  bool operator==(const TaskDeadlines&) const = default;
};

/// The same for one run.
struct RunDeadlines {
  std::optional<time::Instant> soft;
  std::optional<time::Instant> hard;
  /// The first of them, by which runs are put in order; empty for a run without.
  std::optional<time::Instant> first() const { return soft ? soft : hard; }
  bool operator==(const RunDeadlines&) const = default;
};

RunDeadlines deadlines_of(const TaskDeadlines& deadlines, time::Instant nominal_at);

}  // namespace sched::model
