#include "worker/claim.hpp"

#include "rules/admission.hpp"
#include "worker/launch.hpp"

#include <algorithm>

namespace sched::worker {

Slots::Slots(int count) : count_(count) {}

int Slots::busy() const {
  return static_cast<int>(std::count_if(runs_.begin(), runs_.end(),
                                        [](model::RunId run) { return static_cast<bool>(run); }));
}

int Slots::free() const {
  return static_cast<int>(
      rules::free_slots(static_cast<std::size_t>(count_), static_cast<std::size_t>(busy())));
}

int Slots::take(model::RunId run) {
  auto free = std::find(runs_.begin(), runs_.end(), model::RunId());
  if (free == runs_.end()) {
    runs_.push_back(run);
    return static_cast<int>(runs_.size());
  }
  *free = run;
  return static_cast<int>(free - runs_.begin()) + 1;
}

void Slots::release(model::RunId run) {
  const auto taken = std::find(runs_.begin(), runs_.end(), run);
  if (taken != runs_.end()) {
    *taken = model::RunId();
  }
}

Claimed claim_runs(store::Store& store, Slots& slots, model::LauncherId launcher, time::Instant now,
                   const std::function<std::int64_t()>& token) {
  Claimed claimed;
  for (const store::QueuedRun& queued : store.runs().queued(slots.free())) {
    const model::Run run = store.runs().run(queued.id);
    const model::Task task = store.tasks().task(queued.task);
    const model::Claim claim{queued.id, run.attempts + 1, token()};
    if (!store.runs().start(queued.id, claim.attempt, now)) {
      continue;
    }
    store.attempts().add(claim, launcher, now);
    const int slot = slots.take(queued.id);
    claimed.launches.push_back(
        launch_of(task, run, claim, slot, store.places().directory.string()));
    Notice notice;
    notice.kind = Notice::Kind::started;
    notice.run = queued.id;
    notice.task = model::label(task);
    notice.attempt = claim.attempt;
    claimed.notices.push_back(std::move(notice));
  }
  return claimed;
}

}  // namespace sched::worker
