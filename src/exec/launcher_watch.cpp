#include "exec/launcher_loop.hpp"
#include "os/process.hpp"

namespace sched::exec {

/// Asks what those use that are bounded as a whole; nobody else is looked at.
void LauncherLoop::watch_usage() {
  for (const auto& [serial, attempt] : attempts_) {
    if (!attempt->wants_look(now_)) {
      continue;
    }
    const pid_t leader = attempt->pid();
    // The init of a contained one is ours: what counts is below it.
    std::vector<pid_t> roots =
        attempt->process().status ? os::children_of(leader) : std::vector<pid_t>{leader};
    const auto orphans = strays_.orphans_of(leader);
    roots.insert(roots.end(), orphans.begin(), orphans.end());
    TreeUsage usage = usage_below(roots);
    usage.cpu += strays_.reaped_cpu(leader);
    attempt->watch(usage, now_);
  }
}

}  // namespace sched::exec
