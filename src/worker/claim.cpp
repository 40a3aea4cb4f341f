#include "worker/claim.hpp"

#include "rules/admission.hpp"
#include "store/one_line.hpp"
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

namespace {

/// One pass of claims.
class Pass {
 public:
  Pass(store::Store& store, Slots& slots, model::LauncherId launcher, time::Instant now,
       const std::function<std::int64_t()>& token)
      : store_(store), slots_(slots), launcher_(launcher), now_(now), token_(token) {}

  void take_from_one_line() {
    for (const store::QueuedRun& queued :
         store_.runs().queued(model::k_default_lane, slots_.free())) {
      claim(queued.id, "default");
    }
  }

  void take_from_lanes() {
    rules::Chooser chooser = chooser_of(store_);
    while (slots_.free() > 0) {
      const auto lane = chooser.next();
      if (!lane) {
        break;
      }
      claim(chooser.head(*lane).run, chooser.queue_of(*lane).name);
      chooser.start(*lane);
      bring_head(store_, chooser, *lane);
    }
    for (const model::Queue& queue : chooser.moved()) {
      store_.queues().set_turn(queue);
    }
    if (chooser.lane_count() > k_lanes_kept) {
      store_.queues().remove_empty_lanes();
    }
  }

  Claimed take() { return std::move(claimed_); }

 private:
  void claim(model::RunId id, const std::string& queue) {
    const model::Run run = store_.runs().run(id);
    const model::Task task = store_.tasks().task(run.task);
    const model::Claim claim{id, run.attempts + 1, token_()};
    if (!store_.runs().start(id, claim.attempt, now_)) {
      return;
    }
    const int slot = slots_.take(id);
    store_.attempts().add(claim, launcher_, slot, now_);
    claimed_.launches.push_back(
        launch_of(task, run, claim, {store_.places().directory.string(), queue, slot}));
    Notice notice;
    notice.kind = Notice::Kind::started;
    notice.run = id;
    notice.task = model::label(task);
    notice.attempt = claim.attempt;
    claimed_.notices.push_back(std::move(notice));
  }

  store::Store& store_;
  Slots& slots_;
  model::LauncherId launcher_;
  time::Instant now_;
  const std::function<std::int64_t()>& token_;
  Claimed claimed_;
};

}  // namespace

Claimed claim_runs(store::Store& store, Slots& slots, model::LauncherId launcher, time::Instant now,
                   const std::function<std::int64_t()>& token) {
  Pass pass(store, slots, launcher, now, token);
  if (store::has_one_line(store.db())) {
    pass.take_from_one_line();
  } else if (slots.free() > 0 && store.runs().any_queued()) {
    pass.take_from_lanes();
  }
  return pass.take();
}

}  // namespace sched::worker
