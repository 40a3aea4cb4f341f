#include "worker/standby.hpp"

#include "os/facts.hpp"
#include "os/lock.hpp"
#include "os/process.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace sched::worker {

Standby::Standby(exec::Presence& presence, store::Places places)
    : presence_(presence), places_(std::move(places)) {}

bool Standby::take_over() {
  // One at a time, so that of two that stand by only one begins.
  const os::UniqueFd turn = os::open_lock_file(places_.directory / "standby.lock");
  constexpr time::Duration k_patience(500);
  if (!turn || !os::try_lock(turn.get(), k_patience)) {
    return false;
  }
  auto others = exec::living_workers(places_.launchers());
  std::erase_if(others, [](const exec::WorkerInfo& worker) {
    return worker.pid == os::own_pid() || worker.state != exec::WorkerState::working;
  });
  if (others.empty()) {
    presence_.say(exec::WorkerState::working);
    return true;
  }
  watch(others);
  return false;
}

void Standby::watch(const std::vector<exec::WorkerInfo>& working) {
  std::erase_if(watched_, [&](const auto& entry) {
    return std::none_of(working.begin(), working.end(),
                        [&](const exec::WorkerInfo& worker) { return worker.pid == entry.first; });
  });
  for (const exec::WorkerInfo& worker : working) {
    if (watched_.contains(worker.pid)) {
      continue;
    }
    os::UniqueFd pidfd = os::open_pidfd(worker.pid);
    if (pidfd) {
      poller_.add(pidfd.get(), static_cast<std::uint64_t>(worker.pid));
      watched_.emplace(worker.pid, std::move(pidfd));
    }
  }
}

}  // namespace sched::worker
