// How a worker has attempts ended before their time.
#include "worker/worker.hpp"

namespace sched::worker {

void Worker::pass_on_cancels() {
  if (in_flight_.empty()) {
    return;
  }
  for (const store::RunningRun& run : store_.runs().running()) {
    const bool is_ours = in_flight_.contains(run.claim);
    if (is_ours) {
      tell_standing(run.claim, run.suspended);  // Another worker's, or of a commit in doubt.
    }
    if (is_ours && (run.cancel_requested || run.displaced) && cancelled_.insert(run.claim).second) {
      executor_.cancel(run.claim, run.cancel_requested ? model::Ending::Cause::cancelled
                                                       : model::Ending::Cause::preempted);
    }
  }
}

void Worker::end_children() {
  for (const model::Claim& claim : in_flight_) {
    if (cancelled_.insert(claim).second) {
      executor_.cancel(claim, model::Ending::Cause::shutdown);
    }
  }
}

}  // namespace sched::worker
