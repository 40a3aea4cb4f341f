#include "worker/round_robin.hpp"

#include "rules/slices.hpp"

#include <algorithm>

namespace sched::worker {
namespace {

/// What a round-robin queue has in progress.
struct Circle {
  std::vector<store::Occupant> running;
  std::optional<time::Instant> last_stop;
};

Circle circle_of(const model::Queue& queue, const std::vector<store::Occupant>& all) {
  Circle circle;
  for (const store::Occupant& one : all) {
    if (one.lane.queue != queue.id) {
      continue;
    }
    if (one.suspended_at) {
      circle.last_stop = std::max(circle.last_stop.value_or(*one.suspended_at), *one.suspended_at);
    } else if (!one.cancel_requested && !one.displaced) {
      circle.running.push_back(one);
    }
  }
  std::sort(circle.running.begin(), circle.running.end(), [](const auto& a, const auto& b) {
    return std::tuple(a.since, a.claim) < std::tuple(b.since, b.claim);
  });
  return circle;
}

std::optional<time::Instant> end_of(const model::Queue& queue, const Circle& circle) {
  std::vector<time::Instant> since;
  for (const store::Occupant& one : circle.running) {
    since.push_back(one.since);
  }
  return rules::slice_end(queue.slice, since, circle.last_stop);
}

}  // namespace

rules::Standing standing_of(const store::Occupant& occupant) {
  return {occupant.claim.run, occupant.lane, occupant.choice, occupant.rank,
          occupant.suspended_at.value_or(occupant.since)};
}

std::vector<Over> over_by_queue(store::Store& store, const std::vector<store::Occupant>& all,
                                time::Instant now) {
  std::vector<Over> found;
  for (const model::Queue& queue : store.queues().all()) {
    if (!queue.policy.round_robin) {
      continue;
    }
    Circle circle = circle_of(queue, all);
    const auto end = end_of(queue, circle);
    if (end && *end <= now) {
      std::erase_if(circle.running,
                    [&](const store::Occupant& one) { return one.since + queue.slice > now; });
      found.push_back({std::move(circle.running), *end});
    }
  }
  return found;
}

std::optional<time::Instant> next_slice_end(store::Store& store) {
  std::optional<time::Instant> soonest;
  const auto all = store.suspensions().occupants();
  for (const model::Queue& queue : store.queues().all()) {
    if (!queue.policy.round_robin || !store.suspensions().any_waits_in(queue.id)) {
      continue;
    }
    if (const auto end = end_of(queue, circle_of(queue, all));
        end && (!soonest || *end < *soonest)) {
      soonest = end;
    }
  }
  return soonest;
}

}  // namespace sched::worker
