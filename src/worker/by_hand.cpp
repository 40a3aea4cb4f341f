#include "worker/by_hand.hpp"

#include "worker/advance.hpp"
#include "worker/deadline.hpp"
#include "worker/fire.hpp"
#include "worker/follow_up.hpp"
#include "worker/timed.hpp"

#include <cstddef>
#include <set>

namespace sched::worker {
namespace {

void reopen(store::Store& store, model::RunId id, time::Instant now) {
  store.runs().reopen(id, std::nullopt, now);
  if (const auto deadlines = store.runs().run(id).deadlines; deadlines.first()) {
    // Who wants it done after all is not told again that it is too late.
    store.deadlines().set(id, {deadlines.soft, std::nullopt});
    store.deadlines().look_at(id, std::nullopt);
    watch_deadlines(store, id, now);
  }
}

/// Places runs that were reopened, and those that hang on them.
void settle_reopened(store::Store& store, const std::vector<model::RunId>& reopened,
                     time::Instant now) {
  // They have no end any more that those below could have counted; some may get one at once.
  for (const model::RunId id : reopened) {
    for (const store::Dependent& dependent : store.bindings().dependents_of(id)) {
      recount_edges(store, dependent.run);
    }
  }
  for (const model::RunId id : reopened) {
    refresh(store, id, now);
    // Later runs that take their turn come after it again.
    const model::TaskId task = store.runs().run(id).task;
    for (const model::RunId other : store.runs().unfinished_of(task)) {
      if (other != id && store.runs().run(other).in_turn) {
        refresh(store, other, now);
      }
    }
  }
}

}  // namespace

CancelEffect cancel_run(store::Store& store, model::RunId run, time::Instant now) {
  const std::string reason = "cancelled by a person";
  if (store.runs().request_cancel(run, reason)) {
    return CancelEffect::ending;
  }
  if (!store.runs().finish_unstarted(run, model::Outcome::cancelled, reason, now)) {
    return CancelEffect::nothing;
  }
  advance(store, {run}, now);
  return CancelEffect::cancelled;
}

bool release_run(store::Store& store, model::RunId run, time::Instant now) {
  if (store.runs().run(run).state != model::RunState::held) {
    return false;
  }
  store.runs().wait(run, std::nullopt, {});
  refresh(store, run, now);
  return true;
}

std::vector<model::RunId> retry_run(store::Store& store, model::RunId run, bool downstream,
                                    time::Instant now) {
  take_place_back(store, store.runs().run(run));
  // All are chosen before any moves: each once, however many ways lead to it, and whatever becomes
  // of it at once.
  std::vector<model::RunId> reopened = {run};
  std::vector<model::RunId> unfinished;
  std::set<model::RunId> seen = {run};
  for (std::size_t next = 0; next < reopened.size(); ++next) {
    for (const model::RunId id : store.bindings().below(reopened[next])) {
      if (!seen.insert(id).second) {
        continue;
      }
      const model::Run below = store.runs().run(id);
      if (below.outcome == model::Outcome::skipped && downstream) {
        reopened.push_back(id);
      } else if (below.state != model::RunState::finished) {
        unfinished.push_back(id);
      }
    }
  }
  for (const model::RunId id : reopened) {
    reopen(store, id, now);
  }
  settle_reopened(store, reopened, now);
  for (const model::RunId id : unfinished) {
    refresh(store, id, now);
  }
  reopened.erase(reopened.begin());
  return reopened;
}

model::RunId start_task(store::Store& store, const model::Task& task, time::Instant now) {
  for (time::Instant moment = now;; moment += time::Duration(1)) {
    if (const auto run = fire(store, task, {"manual", moment, now}, now)) {
      return *run;
    }
  }
}

void set_paused(store::Store& store, model::TaskId task, bool paused, time::Instant now) {
  if (!paused) {
    pass_over(store, store.tasks().task(task), "the task was paused", now);
  }
  store.tasks().set_paused(task, paused);
  // What stands in the queue goes back to waiting, or the other way.
  for (const model::RunId run : store.runs().unfinished_of(task)) {
    refresh(store, run, now);
  }
}

}  // namespace sched::worker
