#pragma once

#include "model/queue.hpp"
#include "time/instant.hpp"

#include <cstdint>
#include <optional>

namespace sched::rules {

/// What the place of a run in its queue hangs on.
struct RankFacts {
  time::Instant since{};  ///< From when it may start, as far as its moment goes.
  int priority = 0;
  std::optional<time::Duration> usual;  ///< How long its task takes, where that is known.
  std::optional<time::Instant> deadline = std::nullopt;  ///< By when it is to have ended.
};

/// How long what is not known is taken to run, when the shortest go first.
constexpr time::Duration k_unknown_length = std::chrono::minutes(1);
/// With `shortest`, a second of run time counts like so many of waiting.
constexpr std::int64_t k_stretch = 10;
/// With `deadline`, what has none counts as if it were to have ended so long after it came.
constexpr time::Duration k_open_end = std::chrono::hours(24);

/// The lowest goes first; equal ones by their number. A run of a queue is overtaken only by what
/// came before it, or less than (difference in priority) x ageing + (difference in length) x
/// k_stretch behind it: that is the longest that it can be kept waiting by the order. With
/// `deadline` add what is left until its own deadline, or k_open_end, when it came.
std::int64_t rank(const model::Queue& queue, const RankFacts& facts);

}  // namespace sched::rules
