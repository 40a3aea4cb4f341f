#include "exec/tree_usage.hpp"

#include "os/process.hpp"

#include <set>

namespace sched::exec {

TreeUsage usage_below(const std::vector<pid_t>& roots) {
  TreeUsage sum;
  std::set<pid_t> seen;
  for (const pid_t root : roots) {
    for (const pid_t pid : os::family_of(root)) {
      const auto usage = seen.insert(pid).second ? os::process_usage(pid) : std::nullopt;
      if (usage.has_value()) {
        sum.rss_bytes += usage->rss_bytes;
        sum.cpu += usage->cpu;
        sum.processes += usage->rss_bytes > 0 ? 1 : 0;  // The dead are seen until they are reaped.
      }
    }
  }
  return sum;
}

}  // namespace sched::exec
