#pragma once

#include "exec/executor.hpp"
#include "store/store.hpp"
#include "worker/claim.hpp"
#include "worker/observer.hpp"

#include <functional>
#include <optional>
#include <set>
#include <vector>

namespace sched::worker {

/// The loop's one pass, without its waiting: gather from the store, decide by a rule, commit. What
/// came in while the last commit ran is settled in the next, together with the next starts, so many
/// runs share one commit.
class Worker {
 public:
  Worker(store::Store& store, exec::Executor& executor, Observer& observer, int slots,
         std::function<std::int64_t()> token);

  /// New attempts go to this launcher; 0: none, nothing is claimed.
  void use_launcher(model::LauncherId launcher) { launcher_ = launcher; }
  /// Ends that did not come through the executor's poll(): of dead workers and launchers.
  void take_ends(std::vector<exec::Ended> ends);
  /// An attempt of a dead worker that goes on under our executor.
  void adopt(const model::Claim& claim);
  /// Attempts of a dead launcher that somebody else has settled: nothing will be heard of them.
  void let_go(const std::vector<model::Claim>& over);
  /// What the executor runs and the store knows nothing of is ended; until then nothing is claimed,
  /// for it may be a run that the store means to start again.
  void end_unknown(const model::Claim& claim);

  /// As long as there is a reason (a disk that is nearly full), nothing is claimed; the rest goes
  /// on.
  void hold_claims(bool hold) { holds_claims_ = hold; }
  /// Takes in what the executor has to say, and leaves it to a later step(): for when the store
  /// refuses.
  void hear();
  /// All that this worker waits for has ended, or its launcher has: what of it is not in the store
  /// is in the journals.
  bool all_ended() const;

  /// One pass. Throws base::Error when the store can't be written; nothing is lost by that, the
  /// same work is done by a later pass.
  void step(time::Instant now);

  /// Whether attempts are bound to the CPU of their slot.
  void pin(bool pins) { pins_ = pins; }
  /// From now on nothing new is claimed.
  void drain() { draining_ = true; }
  bool draining() const { return draining_; }
  /// Ends all attempts: SIGTERM, after their grace SIGKILL.
  void end_children();

  /// Attempts that this worker is waiting for.
  std::size_t in_flight() const { return in_flight_.size(); }
  const std::set<model::Claim>& claims() const { return in_flight_; }
  int slots() const { return slots_; }
  /// From now on so many; what runs beyond them runs on.
  void use_slots(int slots) { slots_ = slots; }
  /// How many run, as far as is known; what waits ahead of a slot does not.
  int busy() const;
  /// Whether the launcher has more than half of what may be claimed ahead.
  bool is_stocked() const;
  /// Nothing is due, running or waiting for a further attempt, in the whole store.
  bool is_idle(time::Instant now);
  /// The next moment at which step() has something to do by itself.
  std::optional<time::Instant> next_moment();
  /// When that was asked last, nothing was queued or running in the whole store.
  bool is_resting() const { return resting_; }

 private:
  bool may_claim() const { return !draining_ && !holds_claims_ && unknown_.empty() && launcher_; }
  Room room() const;
  bool has_work(time::Instant now);
  bool is_firing_due(time::Instant now);
  void heed_clock(time::Instant now);
  void pass_on_cancels();
  // What stands still and goes on is in worker_turns.cpp.
  void tell_standing(const model::Claim& claim, bool still);
  void tell_standing_anew(const model::Claim& claim);
  void tell_standstills(const Claimed& claimed);
  bool turns_are_due(time::Instant now);
  void heed_slices(std::optional<time::Instant>& soonest);
  void hand_back_unsent(time::Instant now);
  /// Writes down what does not end; what is to be warned of.
  std::vector<std::string> note_strays();
  void tell(const std::vector<Notice>& notices);

  store::Store& store_;
  exec::Executor& executor_;
  Observer& observer_;
  int slots_;
  rules::Pace pace_;
  std::function<std::int64_t()> token_;
  model::LauncherId launcher_;
  bool pins_ = false;
  bool draining_ = false;
  bool holds_claims_ = false;
  std::optional<time::Instant> working_since_;  ///< Firings before that fell while we were not.
  std::optional<time::Instant> last_step_;
  bool clock_was_wrong_ = false;  ///< It was set back by hours: moments are to be found anew.
  bool resting_ = false;
  bool takes_turns_ = false;  ///< Some queue may suspend runs, or one is suspended.
  bool unsure_ = false;       ///< A commit failed: claims may be in the store that were never sent.
  std::vector<exec::Ended> ends_;     ///< Not settled yet.
  std::vector<exec::Stray> strays_;   ///< Not written down yet.
  std::set<model::Claim> in_flight_;  ///< Sent or adopted, no end settled.
  std::set<model::Claim> suspended_;  ///< Of those, what the executor was told to keep still.
  std::set<model::Claim> cancelled_;  ///< The executor was told.
  std::set<model::Claim> unknown_;    ///< To the store; told to end, and not seen to have.
};

}  // namespace sched::worker
