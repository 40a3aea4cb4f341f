#include "worker/displace.hpp"

#include "worker/round_robin.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace sched::worker {

Candidates candidates_for(store::Store& store, int priority,
                          const std::map<model::RunId, store::Occupant>& in_progress,
                          const std::set<model::Claim>& ours) {
  Candidates found;
  for (const auto& [run, one] : in_progress) {
    if (!one.suspended_at && !one.cancel_requested && !one.displaced && one.priority < priority &&
        store.tasks().task(one.task).preemptible) {
      found.occupants.push_back(one);
    }
  }
  std::sort(found.occupants.begin(), found.occupants.end(), [](const auto& a, const auto& b) {
    return std::tuple(b.work_since, b.claim) < std::tuple(a.work_since, a.claim);
  });
  for (const store::Occupant& one : found.occupants) {
    found.victims.push_back({standing_of(one), ours.contains(one.claim)});
  }
  return found;
}

std::vector<rules::Favoured> favoured(store::Store& store) {
  std::vector<rules::Favoured> found;
  for (const store::Displacing& one : store.suspensions().displacing()) {
    found.push_back({one.run, one.lane, one.queue});
  }
  return found;
}

}  // namespace sched::worker
