// What a worker tells its launchers of runs that stand still and go on. The store is the one that
// says which do: it is asked before each pass, so that a word that was lost is said again.
#include "os/bell.hpp"
#include "worker/round_robin.hpp"
#include "worker/worker.hpp"

namespace sched::worker {

void Worker::tell_standing(const model::Claim& claim, bool still) {
  if (still && suspended_.insert(claim).second) {
    executor_.suspend(claim);
  } else if (!still && suspended_.erase(claim) > 0) {
    executor_.resume(claim);
  }
}

/// What its launcher does with it is not known.
void Worker::tell_standing_anew(const model::Claim& claim) {
  if (store_.runs().run(claim.run).suspended_at) {
    suspended_.insert(claim);
    executor_.suspend(claim);
  } else {
    suspended_.erase(claim);
    executor_.resume(claim);
  }
}

void Worker::tell_standstills(const Claimed& claimed) {
  bool is_of_others = claimed.displaces;
  for (const Standstill& one : claimed.standstills) {
    if (in_flight_.contains(one.claim)) {
      tell_standing(one.claim, one.still);
    } else {
      is_of_others = true;
    }
  }
  if (claimed.displaces) {
    pass_on_cancels();
  }
  if (is_of_others) {
    os::ring(store_.places().directory);
  }
}

bool Worker::turns_are_due(time::Instant now) {
  if (!takes_turns_) {
    return false;
  }
  const auto end = next_slice_end(store_);
  return (end && *end <= now) || (!suspended_.empty() && room().free() > 0) ||
         (may_claim() && store_.suspensions().any_may_displace());
}

/// One that has passed was tried: somebody waits, and could not go in its place, or the turn was
/// left to another worker for a while.
void Worker::heed_slices(std::optional<time::Instant>& soonest) {
  const auto end = takes_turns_ ? next_slice_end(store_) : std::nullopt;
  for (const time::Duration later : {time::Duration(), k_turn_kept}) {
    const auto moment = end ? std::optional(*end + later) : std::nullopt;
    if (moment && (!last_step_ || *moment > *last_step_) && (!soonest || *moment < *soonest)) {
      soonest = moment;
    }
  }
}

}  // namespace sched::worker
