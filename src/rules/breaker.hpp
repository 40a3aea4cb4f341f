#pragma once

#include "model/guard.hpp"

#include <optional>
#include <string>

namespace sched::rules {

// closed --rule--> open --cool-down--> half-open --one probe--> closed, or open again.
//
// Attempts are counted, not runs: each start is what hits the thing that is ill. While it is open
// the ends of attempts that began before say nothing new and are not counted; half-open, only that
// of the probe.

enum class BreakerState {
  closed,
  open,
  half_open,  ///< Its cool-down is over: one run may start, the probe.
  probing,    ///< The probe runs.
};
const char* to_string(BreakerState state);
BreakerState breaker_state(const model::Guard& guard, time::Instant now);

/// When its cool-down is over; empty when it is closed, or open until a person resets it.
std::optional<time::Instant> open_until(const model::Guard& guard);

enum class BreakerTurn { none, opened, closed };

/// An attempt ended: what that does to the guard's breaker. `what` says how, for people: "run-7
/// failed: exited with 1".
BreakerTurn count_end(model::Guard& guard, const model::Claim& claim, bool failed,
                      const std::string& what, time::Instant now);

/// For so long, then comes a probe; empty: until it is closed by a person.
void open_breaker(model::Guard& guard, std::optional<time::Duration> open_for, std::string why,
                  time::Instant now);
/// Closes it, and forgets what was counted.
void close_breaker(model::Guard& guard);

}  // namespace sched::rules
