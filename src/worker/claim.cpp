#include "worker/claim.hpp"

#include "rules/admission.hpp"
#include "worker/launch.hpp"

#include <algorithm>

namespace sched::worker {

int Slots::free() const {
  return static_cast<int>(rules::free_slots(static_cast<std::size_t>(count_), taken_.size()));
}

int Slots::take(model::RunId run) {
  std::vector<bool> in_use(taken_.size() + 2);
  for (const Taken& one : taken_) {
    if (const auto number = static_cast<std::size_t>(one.number); number < in_use.size()) {
      in_use[number] = true;
    }
  }
  const auto lowest = std::find(in_use.begin() + 1, in_use.end(), false);
  const int number = static_cast<int>(lowest - in_use.begin());
  keep(run, number);
  return number;
}

void Slots::keep(model::RunId run, int number) {
  taken_.push_back({run, number});
}

void Slots::release(model::RunId run) {
  std::erase_if(taken_, [run](const Taken& one) { return one.run == run; });
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
    const int slot = slots.take(queued.id);
    store.attempts().add(claim, launcher, slot, now);
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
