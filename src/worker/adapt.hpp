#pragma once

#include "os/pressure.hpp"
#include "rules/adapt.hpp"
#include "rules/shed.hpp"
#include "time/clock.hpp"

#include <filesystem>
#include <optional>
#include <utility>
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
  void set_shed(model::Shed whom) { adaptive_.set_shed(whom); }
  const model::Throttle& throttle() const { return adaptive_.throttle(); }
  /// What tells when something is too much, for Poller::add_urgent(); none where nothing does.
  const std::vector<os::UniqueFd>& triggers() const { return triggers_; }
  /// One of them did.
  void hasten() { adaptive_.hasten(clock_.monotonic()); }
  /// `busy` run now. True when throttle() is another than before.
  bool look(int busy);
  /// How much "full" memory pressure there was at the last look() when that has gone on so long
  /// that a run is to be ended for it; told once.
  std::optional<double> take_lasting() { return std::exchange(lasting_, std::nullopt); }
  /// One is being ended; or has been told to just now, and is counted.
  void note_ending() { shedding_.note_ending(clock_.monotonic()); }
  void note_shed(model::RunId run) {
    note_ending();
    adaptive_.note_shed(run);
  }
  /// There was none to end; false where that is known already.
  bool note_none_to_shed() { return adaptive_.note_none_to_shed(); }

 private:
  rules::Strained measure();

  const time::Clock& clock_;
  std::filesystem::path proc_;
  rules::Adaptive adaptive_;
  rules::Shedding shedding_;
  std::optional<double> lasting_;
  std::vector<os::UniqueFd> triggers_;
  os::MachinePressure before_;
  time::Duration looked_at_{};
};

/// What was stalled between two looks, in percent of the time; what the kernel says of the last ten
/// seconds where that can't be known.
std::optional<double> stalled(const std::optional<os::Stall>& before,
                              const std::optional<os::Stall>& after, time::Duration between);

}  // namespace sched::worker
