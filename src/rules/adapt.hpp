#pragma once

#include "model/throttle.hpp"
#include "time/instant.hpp"

#include <optional>

namespace sched::rules {

/// What was measured since the last look, in percent. Empty: the kernel does not tell.
struct Strained {
  std::optional<double> cpu;
  std::optional<double> memory;
  std::optional<double> io;
  std::optional<double> load;              ///< Where there is no `cpu`.
  std::optional<double> memory_full = {};  ///< All stood still at once, not only some.
};

/// A number of slots that follows what the machine bears: one more in each period in which it was
/// calm and all slots were taken, a quarter less in one in which something was too much (additive
/// increase, multiplicative decrease, as TCP does it).
///
/// What runs is never touched; so after a step down the next one waits until no more runs than
/// there are slots, for its effect is not seen before. After too much of anything nothing grows for
/// k_settling. Far too much memory pressure stops all starts until it has halved.
class Adaptive {
 public:
  /// Begins with as many slots as there are CPUs, within its range.
  Adaptive(const model::SlotRange& range, int cpus, time::Instant now);

  /// Goes on where the program was that this one has taken the place of.
  void go_on_from(const model::Throttle& before, time::Duration at);

  const model::Throttle& throttle() const { return throttle_; }
  /// Whom its worker sheds: told with the rest.
  void set_shed(model::Shed whom) { throttle_.shed = whom; }
  void note_shed(model::RunId run);
  /// One was to be shed and none may be; false where that is known already.
  bool note_none_to_shed();
  /// So many run just now.
  void note_busy(int busy);
  /// Whether a period has passed since the last heed(); `at` is a clock that nobody sets.
  bool is_due(time::Duration at) const { return !next_ || at >= *next_; }
  /// The kernel says of itself that something is too much: it is looked at anew at once.
  void hasten(time::Duration at);
  /// Moves on; true when throttle() is another now.
  bool heed(const Strained& sample, time::Duration at, time::Instant now);

 private:
  void shrink();
  void stop_or_go_on(const Strained& sample);

  model::Throttle throttle_;
  int busy_ = 0;       ///< Now,
  int most_busy_ = 0;  ///< and at most since the last heed().
  std::optional<time::Duration> next_;
  std::optional<time::Duration> strained_;  ///< When something was too much last.
};

/// Between two steps.
inline constexpr time::Duration k_adapt_period = std::chrono::seconds(2);
/// The same by the load average, which takes a minute to follow.
inline constexpr time::Duration k_load_period = std::chrono::seconds(30);
/// So long nothing grows after something was too much.
inline constexpr time::Duration k_settling = std::chrono::seconds(10);
/// With more memory pressure nothing is started; with half of it again.
inline constexpr int k_stopping_percent = 30;

/// What is too much of it, in percent; with two thirds of that the machine is calm.
int most_of(model::StrainKind kind);

}  // namespace sched::rules
