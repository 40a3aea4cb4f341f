#include "exec/stray_report.hpp"

#include "os/process.hpp"

#include <map>

namespace sched::exec {

std::vector<Stray> report(const Survivors& survivors) {
  constexpr std::size_t k_named = 5;
  std::map<model::Claim, std::vector<pid_t>> by_claim;
  for (const auto& [claim, pid] : survivors) {
    by_claim[claim].push_back(pid);
  }
  std::vector<Stray> strays;
  for (const auto& [claim, pids] : by_claim) {
    Stray stray{claim, {}};
    for (std::size_t i = 0; i < pids.size() && i < k_named; ++i) {
      stray.processes += (i == 0 ? "pid " : ", pid ") + std::to_string(pids[i]) + " (" +
                         os::process_name(pids[i]) + ")";
    }
    if (pids.size() > k_named) {
      stray.processes += " and " + std::to_string(pids.size() - k_named) + " more";
    }
    strays.push_back(std::move(stray));
  }
  return strays;
}

}  // namespace sched::exec
