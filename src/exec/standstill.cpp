#include "exec/standstill.hpp"

#include "os/process.hpp"

#include <csignal>
#include <set>

namespace sched::exec {

void Standstill::stop(const std::function<std::vector<pid_t>()>& find) {
  constexpr int k_most_rounds = 100;  // One that forks faster than it is stopped must not hold us.
  std::set<pid_t> seen;
  bool is_new = true;
  for (int round = 0; is_new && round < k_most_rounds; ++round) {
    is_new = false;
    for (const pid_t pid : find()) {
      const auto stat = seen.insert(pid).second ? os::process_stat(pid) : std::nullopt;
      if (!stat.has_value() || stat->dead() || stat->state == 'T') {
        continue;
      }
      is_new = true;
      if (::kill(pid, SIGSTOP) == 0) {
        stopped_.emplace_back(pid, stat->start_ticks);
      }
    }
  }
}

void Standstill::go_on() {
  for (auto one = stopped_.rbegin(); one != stopped_.rend(); ++one) {
    // Somebody may have killed it, and its number may be another's.
    const auto stat = os::process_stat(one->first);
    if (stat.has_value() && stat->start_ticks == one->second) {
      ::kill(one->first, SIGCONT);
    }
  }
  stopped_.clear();
}

}  // namespace sched::exec
