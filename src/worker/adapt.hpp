#pragma once

#include "os/pressure.hpp"
#include "rules/adapt.hpp"
#include "time/clock.hpp"

#include <filesystem>
#include <optional>
#include <vector>

namespace sched::worker {

/// Asks the machine what it bears, once a period, and keeps the number of slots that follows.
class Adapter {
 public:
  /// `proc` is where the kernel tells of its machine.
  Adapter(const model::SlotRange& range, const time::Clock& clock,
          std::filesystem::path proc = "/proc");
  void go_on_from(const model::Throttle& before) {
    adaptive_.go_on_from(before, clock_.monotonic());
  }
  const model::Throttle& throttle() const { return adaptive_.throttle(); }
  /// What tells when something is too much, for Poller::add_urgent(); none where nothing does.
  const std::vector<os::UniqueFd>& triggers() const { return triggers_; }
  /// One of them did.
  void hasten() { adaptive_.hasten(clock_.monotonic()); }
  /// `busy` run now. True when throttle() is another than before.
  bool look(int busy);

 private:
  rules::Strained measure();

  const time::Clock& clock_;
  std::filesystem::path proc_;
  rules::Adaptive adaptive_;
  std::vector<os::UniqueFd> triggers_;
  os::MachinePressure before_;
  time::Duration looked_at_{};
};

/// What was stalled between two looks, in percent of the time; what the kernel says of the last ten
/// seconds where that can't be known.
std::optional<double> stalled(const std::optional<os::PressureFile>& before,
                              const std::optional<os::PressureFile>& after, time::Duration between);

}  // namespace sched::worker
