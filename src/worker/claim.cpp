#include "worker/claim.hpp"

#include "rules/admission.hpp"
#include "worker/launch.hpp"
#include "worker/line.hpp"

#include <algorithm>

namespace sched::worker {
namespace {

/// A lane costs a look in each pass, and is soon made again.
constexpr std::size_t k_lanes_kept = 64;

}  // namespace

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
  if (slots.free() == 0 || !store.runs().any_queued()) {
    return claimed;
  }
  rules::Chooser chooser = chooser_of(store);
  while (slots.free() > 0) {
    const auto lane = chooser.next();
    if (!lane) {
      break;
    }
    const model::RunId id = chooser.head(*lane).run;
    const model::Run run = store.runs().run(id);
    const model::Task task = store.tasks().task(run.task);
    const model::Claim claim{id, run.attempts + 1, token()};
    if (!store.runs().start(id, claim.attempt, now)) {
      break;  // Can't be: it is queued, and nobody else writes.
    }
    const int slot = slots.take(id);
    store.attempts().add(claim, launcher, slot, now);
    chooser.start(*lane);
    bring_head(store, chooser, *lane);
    claimed.launches.push_back(launch_of(
        task, run, claim, {store.places().directory.string(), chooser.queue_of(*lane).name, slot}));
    Notice notice;
    notice.kind = Notice::Kind::started;
    notice.run = id;
    notice.task = model::label(task);
    notice.attempt = claim.attempt;
    claimed.notices.push_back(std::move(notice));
  }
  for (const model::Queue& queue : chooser.moved()) {
    store.queues().set_turn(queue);
  }
  if (chooser.lane_count() > k_lanes_kept) {
    store.queues().remove_empty_lanes();
  }
  return claimed;
}

}  // namespace sched::worker
