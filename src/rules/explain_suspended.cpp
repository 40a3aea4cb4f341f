#include "rules/explain_suspended.hpp"

#include "time/duration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace sched::rules {

Obstacle explain_suspended(const ExplainFacts& facts, const model::Run& run) {
  const auto stands = std::chrono::duration_cast<std::chrono::seconds>(
      std::max(facts.now - run.suspended_at.value_or(facts.now), time::Duration()));
  return {
      Obstacle::Kind::suspended,
      fmt::format("attempt {} has stood still for {}{}{}", run.attempts, time::to_string(stands),
                  run.reason.empty() ? "" : "; ", run.reason),
      fmt::format("it goes on when there is room for it: sched queue show {}", facts.queue.name)};
}

}  // namespace sched::rules
