#pragma once

#include "time/instant.hpp"

#include <optional>

namespace sched::rules {

/// How long runs take just now, and so how many may be claimed ahead of a free slot.
///
/// A commit with its sync takes as long as several short commands. What is claimed ahead waits with
/// the launcher and begins when one before it ends, so that a commit serves many. It must not wait
/// for long there: others may have room for it, and something more urgent may come.
class Pace {
 public:
  void heard(time::Duration elapsed);  ///< A run of ours took so long.
  void was_too_slow();                 ///< One that was claimed ahead found no slot in time.
  /// As many as these slots get done in k_ahead; none as long as nothing is known.
  int ahead(int slots) const;

 private:
  std::optional<double> usual_ms_;
};

/// What is claimed ahead is work of so long.
constexpr time::Duration k_ahead = std::chrono::milliseconds(50);
constexpr int k_most_ahead = 64;

}  // namespace sched::rules
