#include "worker/claim.hpp"

#include "rules/deadline.hpp"
#include "store/one_line.hpp"
#include "time/duration.hpp"
#include "worker/as_tried.hpp"
#include "worker/displace.hpp"
#include "worker/launch.hpp"
#include "worker/line.hpp"
#include "worker/round_robin.hpp"

#include <fmt/format.h>

#include <map>
#include <string>
#include <utility>

namespace sched::worker {
namespace {

/// An empty lane costs a look in each pass, and is soon made again.
constexpr std::size_t k_empty_lanes_kept = 32;

/// One pass of claims.
class Pass {
 public:
  Pass(store::Store& store, model::LauncherId launcher, time::Instant now,
       const std::function<std::int64_t()>& token)
      : store_(store), launcher_(launcher), now_(now), token_(token) {}

  void take_from_one_line(const Room& room) {
    int taken = 0;
    for (const store::QueuedRun& queued :
         store_.runs().queued(model::k_default_lane, room.free() + room.ahead)) {
      const bool is_ahead = taken++ >= room.free();
      const model::Run run = store_.runs().run(queued.id);
      const model::Task task = store_.tasks().task(run.task);
      if (is_ahead && (!task.max_fails.of_tags.empty() || may_be_stopped(run.flow))) {
        break;
      }
      claim(run, task, {model::k_default_lane, queued.id, 0, "default"});
    }
  }

  void take_from_lanes(int count) {
    GuardBook guards(store_, now_);
    rules::Chooser chooser = chooser_of(store_, guards, now_);
    for (int i = 0; i < count; ++i) {
      const auto choice = chooser.next();
      if (!choice) {
        break;
      }
      carry_out(*choice, chooser, guards);
    }
    end_pass(chooser, guards);
  }

  /// Where runs may be suspended: those of this worker that are go on in their turn, and those give
  /// way whose slice is over.
  void take_in_turns(const Room& room) {
    for (store::Occupant& one : store_.suspensions().occupants()) {
      in_progress_.emplace(one.claim.run, std::move(one));
    }
    std::vector<store::Occupant> all;
    std::vector<rules::Standing> suspended;
    std::vector<rules::Standing> elsewhere;
    for (const auto& [run, one] : in_progress_) {
      all.push_back(one);
      if (one.suspended_at && !one.cancel_requested && !one.displaced) {
        (room.with_us->contains(one.claim) ? suspended : elsewhere).push_back(standing_of(one));
      }
    }
    GuardBook guards(store_, now_);
    rules::Chooser chooser = chooser_of(store_, guards, now_);
    chooser.may_go_on(std::move(suspended), room.may_start);
    chooser.favour(favoured(store_));
    int free = room.free();
    for (; free > 0; --free) {
      // A slot is kept for each for which others are being ended.
      const auto choice = chooser.next(free <= static_cast<int>(chooser.favoured()));
      if (!choice) {
        break;
      }
      carry_out(*choice, chooser, guards);
    }
    for (const Over& over : over_by_queue(store_, all, now_)) {
      const bool is_kept = now_ < over.since + k_turn_kept;
      for (const store::Occupant& one : over.runs) {
        // Who takes the place of another worker's run needs a slot of this one.
        const bool is_ours = room.with_us->contains(one.claim);
        const auto choice =
            is_ours || free > 0
                ? chooser.next_in_place_of(standing_of(one),
                                           is_kept ? elsewhere : std::vector<rules::Standing>())
                : std::optional<rules::Choice>();
        if (choice) {
          const model::Queue queue = store_.queues().queue(one.lane.queue);
          suspend(one,
                  fmt::format("suspended: its slice of {} is over", time::to_string(queue.slice)));
          carry_out(*choice, chooser, guards);
          free -= is_ours ? 0 : 1;
          break;
        }
      }
    }
    if (room.may_start) {
      displace(chooser, guards, room, free);
    }
    end_pass(chooser, guards);
  }

  Claimed take() { return std::move(claimed_); }

 private:
  void carry_out(const rules::Choice& choice, rules::Chooser& chooser, GuardBook& guards) {
    const model::Run run = store_.runs().run(choice.run);
    if (choice.goes_on) {
      go_on(run);
    } else if (const auto claimed = claim(run, store_.tasks().task(run.task), choice)) {
      guards.note_start(choice.guards, *claimed);
    }
    chooser.start(choice);
  }

  /// Has those give way that the first of preempting queues need.
  void displace(rules::Chooser& chooser, GuardBook& guards, const Room& room, int free) {
    for (const model::Queue& queue : store_.queues().all()) {
      bool goes_on = queue.preempt != model::Preempt::none && chooser.favoured() == 0;
      while (goes_on) {
        const auto first = chooser.first_in(queue.id);
        goes_on = first && displace_for(*first, queue, chooser, guards, room, free);
      }
    }
  }

  /// Whether it has started, so that the next may be asked for.
  bool displace_for(const rules::Choice& first, const model::Queue& queue, rules::Chooser& chooser,
                    GuardBook& guards, const Room& room, int& free) {
    const model::Run run = store_.runs().run(first.run);
    const auto candidates = candidates_for(store_, run.priority, in_progress_, *room.with_us);
    const bool suspends = queue.preempt == model::Preempt::suspend;
    const auto found = chooser.displace(first, candidates.victims, suspends, free > 0);
    if (!found) {
      return false;
    }
    const std::string reason =
        fmt::format("displaced by {} of {}", model::label(run.id), store_.tasks().label(run.task));
    for (const std::size_t at : found->victims) {
      const store::Occupant& one = candidates.occupants[at];
      if (suspends) {
        suspend(one, "suspended: " + reason);
        free += room.with_us->contains(one.claim) ? 1 : 0;
      } else {
        store_.suspensions().displace(one.claim.run, run.id, reason, now_);
        claimed_.displaces = true;
      }
    }
    if (suspends) {
      carry_out(found->choice, chooser, guards);
      --free;
    }
    return suspends;
  }

  void suspend(const store::Occupant& one, const std::string& reason) {
    if (store_.suspensions().suspend(one.claim.run, reason, now_)) {
      claimed_.standstills.push_back({one.claim, true});
      in_progress_.erase(one.claim.run);
      note(Notice::Kind::suspended, store_.runs().run(one.claim.run));
    }
  }

  void go_on(const model::Run& run) {
    if (store_.suspensions().resume(run.id, now_)) {
      claimed_.standstills.push_back({in_progress_.at(run.id).claim, false});
      note(Notice::Kind::resumed, store_.runs().run(run.id));
    }
  }

  void note(Notice::Kind kind, const model::Run& run) {
    Notice notice;
    notice.kind = kind;
    notice.run = run.id;
    notice.task = store_.tasks().label(run.task);
    notice.attempt = run.attempts;
    notice.reason = run.reason;
    claimed_.notices.push_back(std::move(notice));
  }

  void end_pass(rules::Chooser& chooser, GuardBook& guards) {
    for (const model::Queue& queue : chooser.moved()) {
      store_.queues().set_turn(queue);
    }
    guards.write(store_);
    if (chooser.empty_lanes() > k_empty_lanes_kept) {
      store_.lanes().remove_empty();
    }
  }

  /// In a flow with --max-fails nothing is claimed ahead of a slot: what the launcher has can't be
  /// kept from starting any more.
  bool may_be_stopped(model::RunId flow) {
    if (!flow) {
      return false;
    }
    if (flow != last_flow_) {
      const auto root = store_.runs().find(flow);
      last_flow_ = flow;
      last_is_bounded_ = root && store_.tasks().task(root->task).max_fails.of_flow > 0;
    }
    return last_is_bounded_;
  }

  /// Empty: it was queued no longer.
  std::optional<model::Claim> claim(const model::Run& run, const model::Task& asked,
                                    const rules::Choice& choice) {
    const model::RunId id = run.id;
    const model::Task task = as_tried(store_, asked, run);
    const model::Claim claim{id, run.attempts + 1, token_()};
    if (!store_.runs().start(id, claim.attempt, choice.amounts, now_)) {
      return std::nullopt;
    }
    store_.attempts().add(claim, launcher_, now_);
    const auto cause = model::kind_in_trigger(run.trigger) ? store_.handlers().cause_of(id)
                                                           : std::optional<model::Cause>();
    claimed_.launches.push_back(
        launch_of(task, run, claim,
                  {store_.places().directory.string(), choice.queue, choice.amounts}, cause));
    exec::Launch& launch = claimed_.launches.back();
    launch.timeout = rules::attempt_limit(task.timeout, run.deadlines.hard, now_);
    launch.until_deadline = rules::attempt_limit({}, run.deadlines.hard, now_);
    Notice notice;
    notice.kind = Notice::Kind::started;
    notice.run = id;
    notice.task = model::label(task);
    notice.attempt = claim.attempt;
    claimed_.notices.push_back(std::move(notice));
    return claim;
  }

  store::Store& store_;
  model::LauncherId launcher_;
  time::Instant now_;
  const std::function<std::int64_t()>& token_;
  model::RunId last_flow_;  ///< The flow that was asked for last: as a rule the next is the same.
  bool last_is_bounded_ = false;
  std::map<model::RunId, store::Occupant> in_progress_;  ///< Where runs may be suspended.
  Claimed claimed_;
};

}  // namespace

Claimed claim_runs(store::Store& store, const Room& room, model::LauncherId launcher,
                   time::Instant now, const std::function<std::int64_t()>& token) {
  Pass pass(store, launcher, now, token);
  if (room.with_us != nullptr) {
    pass.take_in_turns(room);
    return pass.take();
  }
  if (room.free() + room.ahead <= 0) {
    return {};
  }
  if (store::has_one_line(store.db())) {
    pass.take_from_one_line(room);
  } else if (room.free() > 0 && store.runs().any_queued()) {
    pass.take_from_lanes(room.free());
  }
  return pass.take();
}

}  // namespace sched::worker
