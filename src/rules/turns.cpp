#include "rules/turns.hpp"

#include <algorithm>

namespace sched::rules {
namespace {

/// Thousandths of a millisecond, so that a weight of 1000 still tells short runs apart.
constexpr std::int64_t k_fine = 1000;
/// What a start costs before it is known what the run takes; part of that then.
constexpr time::Duration k_start = std::chrono::milliseconds(1);
constexpr time::Duration k_longest = std::chrono::hours(24 * 30);

}  // namespace

std::int64_t next_turn(const model::QueueTurn& turn, std::int64_t clock) {
  return std::max(turn.end, clock);
}

std::int64_t turn_clock(const std::vector<model::Queue>& queues) {
  std::int64_t clock = 0;
  for (const model::Queue& queue : queues) {
    clock = std::max(clock, queue.turn.begin);
  }
  return clock;
}

model::QueueTurn take_turn(const model::Queue& queue, std::int64_t clock) {
  const std::int64_t begin = next_turn(queue.turn, clock);
  return {begin, begin + k_start.count() * k_fine / queue.weight};
}

model::QueueTurn pay(const model::Queue& queue, time::Duration length) {
  const std::int64_t paid = std::clamp(length, k_start, k_longest).count() - k_start.count();
  return {queue.turn.begin, queue.turn.end + paid * k_fine / queue.weight};
}

}  // namespace sched::rules
