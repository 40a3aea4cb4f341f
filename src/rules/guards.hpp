#pragma once

#include "model/guard.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace sched::rules {

/// How many runs behind this guard may start now; empty: any number.
std::optional<std::int64_t> allowance(const model::Guard& guard, time::Instant now);

/// When a guard that allows none does again, as far as the clock alone decides; empty: it does now,
/// or a person must reset it, or the end of a probe decides.
std::optional<time::Instant> opens_at(const model::Guard& guard, time::Instant now);

/// What a start does to it: a token is taken, or it is the probe.
void note_start(model::Guard& guard, const model::Claim& claim, time::Instant now);

/// Whether the clock stands so far before what the guard remembers that it must have been set back.
/// Workers look at the clock before they wait for the store: by as much they may differ.
bool is_ahead_of_clock(const model::Guard& guard, time::Instant now);
/// Has it begin anew at `now`, with an empty bucket or a whole cool-down.
void set_back(model::Guard& guard, time::Instant now);

/// What guards allow in one pass. Each start takes one of all that it falls under, or none starts.
class Allowances {
 public:
  void set(model::GuardId guard, std::int64_t left) { left_[guard] = left; }
  bool permit(const std::vector<model::GuardId>& guards) const;
  void take(const std::vector<model::GuardId>& guards);

 private:
  std::map<model::GuardId, std::int64_t> left_;  ///< Without those that allow any number.
};

}  // namespace sched::rules
