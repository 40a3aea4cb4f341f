#pragma once

#include "model/claim.hpp"
#include "model/shed.hpp"
#include "time/instant.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sched::rules {

/// Says when a run is to be ended for want of memory: that nothing new starts has not helped, and
/// for k_shed_after all tasks of the machine at once have stood still too much ("full" pressure:
/// where only some do, the others get work done). Then one goes, and k_shed_pause passes in which
/// its memory can come back, before the next does.
class Shedding {
 public:
  /// What was measured, in percent; `at` is a clock that nobody sets. True: one is to go now.
  bool heed(bool stopped, std::optional<double> full, time::Duration at);
  /// One was told to end, or has not ended yet: the pause begins anew.
  void note_ending(time::Duration at) { ending_ = at; }

 private:
  std::optional<time::Duration> since_;   ///< From when it has been too much.
  std::optional<time::Duration> ending_;  ///< When somebody was being ended last.
};

/// With more of it for k_shed_after one is ended.
inline constexpr int k_shed_percent = 20;
inline constexpr time::Duration k_shed_after = std::chrono::seconds(6);
inline constexpr time::Duration k_shed_pause = std::chrono::seconds(10);
/// So often in a row a run is shed, and the last of them counts as a failure: what fills the memory
/// by itself would do so for ever.
inline constexpr int k_most_shed = 3;

/// A run in progress that might go.
struct Sheddable {
  model::Claim claim;
  bool preemptible = false;
  int priority = 0;
  time::Duration work{};  ///< That would be lost.
};

/// Who goes first: who is preemptible, then the lowest priority, then the least work. Empty where
/// nobody may be ended.
std::optional<model::Claim> least_important(const std::vector<Sheddable>& runs, model::Shed whom);

/// "shed for want of memory (full pressure 43%, above 20%)"
std::string shed_reason(double full);
/// "memory stays far too short (full pressure 43%, above 20%), and no run may be ended for it: none
/// of them is preemptible"
std::string none_to_shed(double full, model::Shed whom, bool runs_any);

}  // namespace sched::rules
