#include "rules/rank.hpp"

#include <algorithm>

namespace sched::rules {
namespace {

/// Of priority without ageing: longer than any run waits, and a thousand of it can be counted.
constexpr time::Duration k_for_ever = std::chrono::hours(24 * 365 * 100);
constexpr time::Duration k_longest_run = std::chrono::hours(24 * 3650);

}  // namespace

std::int64_t rank(const model::Queue& queue, const RankFacts& facts) {
  std::int64_t moment = time::to_ms(facts.since);
  if (queue.policy.deadline) {
    // One that passed before it came counts as that moment: nobody is overtaken for ever.
    moment = time::to_ms(std::max(facts.deadline.value_or(facts.since + k_open_end), facts.since));
  }
  if (queue.policy.priority) {
    moment -= facts.priority * queue.ageing.value_or(k_for_ever).count();
  }
  if (queue.policy.shortest) {
    moment += std::min(facts.usual.value_or(k_unknown_length), k_longest_run).count() * k_stretch;
  }
  return moment;
}

}  // namespace sched::rules
