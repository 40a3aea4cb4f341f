#include "worker/worker.hpp"

#include "worker/deadline.hpp"
#include "worker/finish.hpp"
#include "worker/guards.hpp"
#include "worker/line.hpp"
#include "worker/timed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace sched::worker {
namespace {

/// Moved in one transaction; more would hold the write lock for too long.
constexpr int k_enqueue_at_once = 10'000;
constexpr int k_fired_at_once = 1000;
constexpr int k_deadlines_at_once = 1000;
/// A clock that is set back by less shows the same hours again, and what has fired in them has
/// fired; by more, it was wrong (cron makes the same difference).
constexpr time::Duration k_correction = std::chrono::hours(3);

}  // namespace

Worker::Worker(store::Store& store, exec::Executor& executor, Observer& observer, int slots,
               std::function<std::int64_t()> token)
    : store_(store),
      executor_(executor),
      observer_(observer),
      slots_(slots),
      token_(std::move(token)) {}

void Worker::take_ends(std::vector<exec::Ended> ends) {
  std::move(ends.begin(), ends.end(), std::back_inserter(ends_));
}

void Worker::let_go(const std::vector<model::Claim>& over) {
  for (const model::Claim& claim : over) {
    in_flight_.erase(claim);
    suspended_.erase(claim);
    cancelled_.erase(claim);
  }
}

void Worker::adopt(const model::Claim& claim) {
  tell_standing_anew(claim);
  if (in_flight_.contains(claim)) {
    return;
  }
  Notice notice;
  notice.kind = Notice::Kind::adopted;
  notice.run = claim.run;
  notice.attempt = claim.attempt;
  // May throw, and is asked again then.
  notice.task = store_.tasks().label(store_.runs().run(claim.run).task);
  in_flight_.insert(claim);
  observer_.told(notice);
}

void Worker::end_unknown(const model::Claim& claim) {
  if (unknown_.insert(claim).second) {
    executor_.cancel(claim, model::Ending::Cause::shutdown);
    observer_.warned(fmt::format(
        "{} runs, and the store does not know of its attempt {} (was it replaced?): it is ended",
        model::label(claim.run), claim.attempt));
  }
}

bool Worker::is_firing_due(time::Instant now) {
  const auto next = store_.timers().next();
  return (next && *next <= now) || !store_.timers().ended(1).empty();
}

Room Worker::room() const {
  std::set<model::Claim> over;
  for (const exec::Ended& end : ends_) {
    if (in_flight_.contains(end.claim)) {  // A stale word may be of a run that is with us again.
      over.insert(end.claim);
    }
  }
  over.insert(suspended_.begin(), suspended_.end());
  return {slots_, static_cast<int>(in_flight_.size() - over.size()), pace_.ahead(slots_),
          takes_turns_ ? &in_flight_ : nullptr, may_claim()};
}

bool Worker::is_stocked() const {
  const Room now = room();
  return now.ahead > 0 && -now.free() > now.ahead / 2;
}

int Worker::busy() const {
  const auto all = static_cast<int>(in_flight_.size());
  return pace_.ahead(slots_) > 0 ? std::min(all, slots_) : all;
}

/// All that it asks is asked of one moment: each read of its own would lock and unlock anew.
bool Worker::has_work(time::Instant now) {
  const store::Snapshot moment(store_.db());
  takes_turns_ = store_.suspensions().any();
  if (!ends_.empty() || !strays_.empty() || unsure_) {
    return true;
  }
  if (!draining_ && (clock_was_wrong_ || is_firing_due(now))) {
    return true;
  }
  const auto due = store_.runs().next_due();
  if (due && *due <= now) {
    return true;
  }
  if (const auto look = store_.deadlines().next(); look && *look <= now) {
    return true;
  }
  if (any_ahead_of_clock(store_, now) || turns_are_due(now)) {
    return true;
  }
  const Room now_free = room();
  return may_claim() && now_free.free() + now_free.ahead > 0 && can_start(store_, now);
}

void Worker::hear() {
  auto came = executor_.poll();
  for (const exec::Ended& end : came) {
    if (end.ending.kind != model::Ending::Kind::not_begun) {
      pace_.heard(end.ending.elapsed);
    } else if (end.ending.code == 0 && end.ending.cause == model::Ending::Cause::none) {
      pace_.was_too_slow();
    }
  }
  std::move(came.begin(), came.end(), std::back_inserter(ends_));
  auto found = executor_.strays();
  std::move(found.begin(), found.end(), std::back_inserter(strays_));
}

bool Worker::all_ended() const {
  return std::all_of(in_flight_.begin(), in_flight_.end(), [this](const model::Claim& claim) {
    return !executor_.answers_for(claim) ||
           std::any_of(ends_.begin(), ends_.end(),
                       [&](const exec::Ended& end) { return end.claim == claim; });
  });
}

void Worker::heed_clock(time::Instant now) {
  // A clock that is set back takes our beginning with it.
  working_since_ = std::min(working_since_.value_or(now), now);
  const auto before = last_step_ ? last_step_ : store_.timers().last_addition();
  if (before && *before - now >= k_correction) {
    clock_was_wrong_ = true;
  }
  last_step_ = now;
}

void Worker::step(time::Instant now) {
  hear();
  pass_on_cancels();
  heed_clock(now);
  if (!has_work(now)) {
    return;
  }
  std::vector<Notice> notices;
  std::vector<std::string> warnings;
  Claimed claimed;
  std::set<model::Claim> fresh;
  std::vector<model::Claim> settled;
  for (const exec::Stray& stray : strays_) {
    unknown_.erase(stray.claim);  // It can't be ended, and is told of; it must not hold up all.
  }
  for (const exec::Ended& end : ends_) {
    unknown_.erase(end.claim);
  }
  {
    store::Transaction change(store_.db());
    if (unsure_) {
      hand_back_unsent(now);
      change.touch();  // A commit of its own takes the place of one that may still come to light.
    }
    pay_turns(store_, ends_, now);
    notices = finish_runs(store_, ends_, now);
    if (!ends_.empty() && notices.empty()) {
      change.touch();  // All stale: what settled them must last before launchers forget them.
    }
    warnings = note_strays();
    if (!draining_) {
      if (clock_was_wrong_) {
        find_moments_anew(store_, now);
      }
      auto fired = fire_timed(store_, now, *working_since_, k_fired_at_once);
      std::move(fired.begin(), fired.end(), std::back_inserter(notices));
    }
    auto heeded = heed_deadlines(store_, now, k_deadlines_at_once);
    std::move(heeded.notices.begin(), heeded.notices.end(), std::back_inserter(notices));
    line_up_due(store_, now, k_enqueue_at_once);
    set_guards_back(store_, now);
    if (heeded.all && (may_claim() || takes_turns_)) {
      claimed = claim_runs(store_, room(), launcher_, now, token_);
    }
    for (exec::Launch& launch : claimed.launches) {
      fresh.insert(launch.claim);
      launch.pin = pins_;
    }
    for (const exec::Ended& end : ends_) {
      settled.push_back(end.claim);
    }
    unsure_ = true;
    change.commit();
    unsure_ = false;
    clock_was_wrong_ = clock_was_wrong_ && draining_;
  }
  // Nothing here takes memory: what is committed must be on our books before anything can fail.
  for (const model::Claim& claim : settled) {
    in_flight_.erase(claim);
    suspended_.erase(claim);
    cancelled_.erase(claim);
  }
  ends_.clear();
  strays_.clear();
  in_flight_.merge(fresh);
  tell_standstills(claimed);
  executor_.start(std::move(claimed.launches), slots_);
  if (!settled.empty()) {
    executor_.forget(settled);
  }
  for (const std::string& warning : warnings) {
    observer_.warned(warning);
  }
  tell(notices);
  tell(claimed.notices);
}

void Worker::hand_back_unsent(time::Instant now) {
  // The commit that failed may have been written all the same. What it claimed was never sent.
  std::vector<exec::Ended> unsent;
  for (const model::Claim& claim : store_.attempts().open_of(launcher_)) {
    const bool ended = std::any_of(ends_.begin(), ends_.end(),
                                   [&](const exec::Ended& end) { return end.claim == claim; });
    if (!ended && !in_flight_.contains(claim)) {
      model::Ending ending;
      ending.kind = model::Ending::Kind::not_begun;
      unsent.push_back({claim, ending});
    }
  }
  finish_runs(store_, unsent, now);
}

std::vector<std::string> Worker::note_strays() {
  std::vector<std::string> warnings;
  for (const exec::Stray& stray : strays_) {
    const bool known = store_.attempts().note_strays(stray.claim, stray.processes);
    warnings.push_back(fmt::format(
        "{} does not end, not even of SIGKILL: {} (it hangs in the kernel, or is another user's)",
        known ? model::label(stray.claim.run) : "what an attempt left behind", stray.processes));
  }
  return warnings;
}

void Worker::tell(const std::vector<Notice>& notices) {
  for (const Notice& notice : notices) {
    observer_.told(notice);
  }
}

bool Worker::is_idle(time::Instant now) {
  return in_flight_.empty() && ends_.empty() && !is_firing_due(now) &&
         !store_.runs().is_busy(now) && !can_start(store_, now) && !awaits_file(store_) &&
         !next_opening(store_, now);
}

std::optional<time::Instant> Worker::next_moment() {
  const store::Snapshot at_once(store_.db());
  std::optional<time::Instant> soonest;
  for (const auto& moment : {store_.runs().next_due(), store_.deadlines().next(),
                             draining_ ? std::nullopt : store_.timers().next()}) {
    soonest = soonest && moment ? std::min(*soonest, *moment) : soonest ? soonest : moment;
  }
  // Without a free slot nobody could start then: the end that frees one wakes us by itself.
  if (may_claim() && room().free() > 0 && last_step_) {
    if (const auto opening = next_opening(store_, *last_step_)) {
      soonest = soonest ? std::min(*soonest, *opening) : opening;
    }
  }
  heed_slices(soonest);
  resting_ = in_flight_.empty() && !store_.runs().any_queued() && !store_.runs().any_running();
  return soonest;
}

}  // namespace sched::worker
