#include "exec/launcher_loop.hpp"
#include "os/process.hpp"

namespace sched::exec {

/// All its processes are these or below them.
std::vector<pid_t> LauncherLoop::roots_of(const Attempt& attempt) {
  const pid_t leader = attempt.pid();
  // The init of a contained one is ours: what counts is below it.
  std::vector<pid_t> roots =
      attempt.process().status ? os::children_of(leader) : std::vector<pid_t>{leader};
  const auto orphans = strays_.orphans_of(leader);
  roots.insert(roots.end(), orphans.begin(), orphans.end());
  return roots;
}

/// Asks what those use that are bounded as a whole; nobody else is looked at.
void LauncherLoop::watch_usage() {
  for (const auto& [serial, attempt] : attempts_) {
    if (!attempt->wants_look(now_)) {
      continue;
    }
    TreeUsage usage = usage_below(roots_of(*attempt));
    usage.cpu += strays_.reaped_cpu(attempt->pid());
    attempt->watch(usage, now_);
  }
}

void LauncherLoop::halt(const Halt& order) {
  if (order.still && backlog_.remove(order.claim)) {
    give_back(order.claim);  // It had no slot yet, and there is nothing to stop.
    return;
  }
  const auto found = serials_.find(order.claim);
  if (found == serials_.end()) {
    return;
  }
  Attempt& attempt = *attempts_.at(found->second);
  if (!order.still) {
    attempt.resume(now_);
    backlog_.take_slot(order.claim);
    return;
  }
  const auto all = [&] {
    std::vector<pid_t> processes;
    for (const pid_t root : roots_of(attempt)) {
      const auto family = os::family_of(root);
      processes.insert(processes.end(), family.begin(), family.end());
    }
    return processes;
  };
  if (attempt.suspend(all, now_)) {
    backlog_.free(order.claim);
    begin_next();
  }
}

}  // namespace sched::exec
