#pragma once

#include "model/settlement.hpp"
#include "rules/guards.hpp"
#include "store/store.hpp"
#include "worker/observer.hpp"

#include <map>
#include <optional>
#include <vector>

namespace sched::worker {

// Rates and breakers, where runs start and end. A token is taken, and a probe let through, in the
// transaction of the claim; ends are counted in that of the settlement: what dies takes nothing
// along. A start that is handed back as never begun keeps its token: that it had never been taken
// can't be restored exactly once others took theirs, and to give back too much would break the
// rate. It costs one token's time, and is rare.

/// The guards that may bound what starts, as one pass reads them.
class GuardBook {
 public:
  GuardBook(store::Store& store, time::Instant now);

  /// All that the runs of a lane fall under that hold this choice of its needs.
  std::vector<model::GuardId> of(const model::Lane& lane, int choice) const;
  rules::Allowances allowances() const;
  /// When the clock lets runs behind all of these start; empty: that is now, or a person or the end
  /// of a probe decides.
  std::optional<time::Instant> opens_at(const std::vector<model::GuardId>& guards) const;
  const std::map<model::GuardId, model::Guard>& guards() const { return guards_; }

  void note_start(const std::vector<model::GuardId>& guards, const model::Claim& claim);
  /// Writes what note_start() changed.
  void write(store::Store& store) const;

 private:
  time::Instant now_;
  std::map<model::GuardId, model::Guard> guards_;
  std::vector<model::GuardId> changed_;
};

/// The next moment at which a guard that alone keeps queued runs from starting lets one go; empty:
/// there is none such, or the clock does not decide.
std::optional<time::Instant> next_opening(store::Store& store, time::Instant now);

/// Counts the ends of attempts of one transaction.
class Breakers {
 public:
  Breakers(store::Store& store, time::Instant now) : store_(store), now_(now) {}

  /// What was told of an attempt that counts. Queued runs move to where the breaker of their task
  /// now leaves them. The notices are of breakers that opened or closed.
  void count(const model::Run& run, const model::Task& task, const model::Settlement& settlement,
             std::vector<Notice>& notices);

 private:
  std::vector<model::Guard> guards_of(const model::Run& run, const model::Task& task);

  store::Store& store_;
  time::Instant now_;
  std::optional<bool> any_;  ///< Whether there are any, once that was asked.
};

/// Gives the queued runs that a guard of a tag or task stands before, or no longer does, their
/// lanes. Wants a Transaction, as the next does.
void line_up_behind(store::Store& store, const model::Guard& guard);

bool any_ahead_of_clock(store::Store& store, time::Instant now);
/// Has guards begin anew that remember moments of a clock that was set back.
void set_guards_back(store::Store& store, time::Instant now);

}  // namespace sched::worker
