#include "rules/deadline.hpp"

#include "time/duration.hpp"
#include "time/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::rules {
namespace {

constexpr time::Duration k_just_behind = std::chrono::milliseconds(1);

void sooner(std::optional<time::Instant>& moment, time::Instant other) {
  moment = moment ? std::min(*moment, other) : other;
}

std::string why_missed(time::Instant hard, time::Duration usual, time::Instant now) {
  if (now > hard) {
    return fmt::format("its hard deadline {} passed before it could run", time::to_local(hard));
  }
  return fmt::format("its hard deadline {} can't be met: it usually takes {}, and {} are left",
                     time::to_local(hard), time::to_string(usual), time::to_string(hard - now));
}

}  // namespace

DeadlineVerdict judge_deadlines(const DeadlineFacts& facts, time::Instant now) {
  DeadlineVerdict verdict;
  if (facts.state == model::RunState::finished) {
    return verdict;
  }
  if (const auto& soft = facts.deadlines.soft; soft && !facts.late) {
    verdict.is_late = now > *soft;
    if (!verdict.is_late) {
      sooner(verdict.look_at, *soft + k_just_behind);
    }
  }
  if (const auto& hard = facts.deadlines.hard; hard && facts.state != model::RunState::running) {
    const time::Duration usual = facts.usual.value_or(time::Duration::zero());
    const time::Instant last_start = *hard - usual;
    if (now > last_start) {
      verdict.missed = why_missed(*hard, usual, now);
      verdict.look_at.reset();
    } else {
      sooner(verdict.look_at, last_start + k_just_behind);
    }
  }
  return verdict;
}

time::Duration attempt_limit(time::Duration timeout, const std::optional<time::Instant>& hard,
                             time::Instant now) {
  if (!hard) {
    return timeout;
  }
  const time::Duration left = std::max(*hard - now, time::Duration(1));
  return timeout.count() == 0 ? left : std::min(timeout, left);
}

}  // namespace sched::rules
