#include "rules/guards.hpp"

#include "rules/breaker.hpp"
#include "rules/rate.hpp"

#include <algorithm>

namespace sched::rules {
namespace {

/// No transaction waits longer for the store's write lock.
constexpr time::Duration k_clock_tolerance = std::chrono::seconds(10);

}  // namespace

std::optional<std::int64_t> allowance(const model::Guard& guard, time::Instant now) {
  std::optional<std::int64_t> allowed;
  if (guard.rate) {
    allowed = tokens(*guard.rate, guard.full_at_us, now);
  }
  switch (breaker_state(guard, now)) {
    case BreakerState::closed:
      return allowed;
    case BreakerState::half_open:
      return std::min<std::int64_t>(allowed.value_or(1), 1);
    case BreakerState::open:
    case BreakerState::probing:
      return 0;
  }
  return allowed;
}

std::optional<time::Instant> opens_at(const model::Guard& guard, time::Instant now) {
  std::optional<time::Instant> moment;
  switch (breaker_state(guard, now)) {
    case BreakerState::closed:
    case BreakerState::half_open:
      break;
    case BreakerState::open:
      moment = open_until(guard);
      if (!moment) {
        return std::nullopt;
      }
      break;
    case BreakerState::probing:
      return std::nullopt;
  }
  if (guard.rate && tokens(*guard.rate, guard.full_at_us, now) == 0) {
    const time::Instant token = next_token_at(*guard.rate, guard.full_at_us, now);
    moment = moment ? std::max(*moment, token) : token;
  }
  return moment;
}

void note_start(model::Guard& guard, const model::Claim& claim, time::Instant now) {
  if (guard.rate) {
    guard.full_at_us = take_token(*guard.rate, guard.full_at_us, now);
  }
  if (breaker_state(guard, now) == BreakerState::half_open) {
    guard.record.probe = claim;
    guard.record.probing = true;
  }
}

bool is_ahead_of_clock(const model::Guard& guard, time::Instant now) {
  const time::Instant latest = now + k_clock_tolerance;
  return (guard.rate && clamped(*guard.rate, guard.full_at_us, latest) != guard.full_at_us) ||
         (guard.record.opened_at && *guard.record.opened_at > latest);
}

void set_back(model::Guard& guard, time::Instant now) {
  if (guard.rate) {
    guard.full_at_us = clamped(*guard.rate, guard.full_at_us, now);
  }
  if (guard.record.opened_at && *guard.record.opened_at > now) {
    guard.record.opened_at = now;
  }
}

bool Allowances::permit(const std::vector<model::GuardId>& guards) const {
  return std::all_of(guards.begin(), guards.end(), [this](model::GuardId guard) {
    const auto found = left_.find(guard);
    return found == left_.end() || found->second > 0;
  });
}

void Allowances::take(const std::vector<model::GuardId>& guards) {
  for (const model::GuardId guard : guards) {
    if (const auto found = left_.find(guard); found != left_.end()) {
      --found->second;
    }
  }
}

}  // namespace sched::rules
