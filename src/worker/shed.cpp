#include "worker/shed.hpp"

#include "rules/shed.hpp"

#include <algorithm>
#include <vector>

namespace sched::worker {

ShedRun shed_one(store::Store& store, const std::set<model::Claim>& ours, model::Shed whom,
                 const std::string& reason, time::Instant now) {
  std::vector<rules::Sheddable> runs;
  for (const store::Occupant& one : store.suspensions().occupants()) {
    if (!ours.contains(one.claim)) {
      continue;
    }
    if (one.cancel_requested || one.displaced) {
      return {true, std::nullopt};
    }
    // What stands still has its memory as well.
    runs.push_back({one.claim, store.tasks().task(one.task).preemptible, one.priority,
                    std::max(one.suspended_at.value_or(now) - one.work_since, time::Duration())});
  }
  const auto chosen = rules::least_important(runs, whom);
  if (!chosen) {
    return {};
  }
  store::Transaction change(store.db());
  const bool done = store.suspensions().displace(chosen->run, model::RunId(), reason, now);
  change.commit();
  return {!done, done ? std::optional(chosen->run) : std::nullopt};
}

}  // namespace sched::worker
