#include "exec/launcher_loop.hpp"

#include <algorithm>
#include <utility>

namespace sched::exec {

namespace {

/// Those that end within it are swept up after together: to read the list of children costs as much
/// for one as for many.
constexpr time::Duration k_sweep_gathers(5);

}  // namespace

void LauncherLoop::sweep_soon() {
  if (!sweep_at_) {
    sweep_at_ = now_ + k_sweep_gathers;
  }
}

std::optional<time::Duration> LauncherLoop::next_sweep() const {
  const auto moment = strays_.next_moment();
  return moment && sweep_at_ ? std::min(moment, sweep_at_) : moment ? moment : sweep_at_;
}

void LauncherLoop::sweep() {
  sweep_at_.reset();
  strays_.sweep(now_);
  groups_.sweep();
  for (const model::Claim& claim : std::set<model::Claim>(forgotten_)) {
    forget(claim);
  }
}

void LauncherLoop::report_strays() {
  Survivors survivors = strays_.stuck(now_);
  for (const auto& [serial, attempt] : attempts_) {
    if (attempt->is_stuck()) {
      survivors.emplace_back(attempt->claim(), attempt->pid());
    }
  }
  for (const Stray& stray : report(survivors)) {
    if (std::exchange(told_strays_[stray.claim], stray.processes) != stray.processes) {
      worker_.send(stray);
    }
  }
}

}  // namespace sched::exec
