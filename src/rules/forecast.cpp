#include "rules/forecast.hpp"

#include "time/duration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <queue>

namespace sched::rules {
namespace {

/// Whole seconds, from ten of them on.
std::string about(time::Duration duration) {
  constexpr time::Duration k_short = std::chrono::seconds(10);
  return time::to_string(
      duration < k_short ? duration : std::chrono::duration_cast<std::chrono::seconds>(duration));
}

std::string others(const ForecastFacts& facts, time::Duration wait) {
  if (wait.count() == 0) {
    return "";
  }
  if (facts.room_at && facts.since + wait == *facts.room_at) {
    return fmt::format("{} in {}", facts.room, about(wait));
  }
  return facts.ahead.empty()
             ? fmt::format("a slot is free in {}", about(wait))
             : fmt::format(
                   "{} that go{} first keep{} it waiting for {}",
                   facts.ahead.size() == 1 ? "1 run" : fmt::format("{} runs", facts.ahead.size()),
                   facts.ahead.size() == 1 ? "es" : "", facts.ahead.size() == 1 ? "s" : "",
                   about(wait));
}

time::Instant end_behind(time::Instant start, const ForecastFacts& facts, time::Instant now) {
  return std::max(start + facts.usual.value_or(time::Duration::zero()), now);
}

}  // namespace

time::Instant start_of(const ForecastFacts& facts) {
  const auto slots = static_cast<std::size_t>(std::max(facts.slots, 1));
  std::priority_queue<time::Duration, std::vector<time::Duration>, std::greater<>> free(
      std::greater<>(), facts.busy);
  while (free.size() < slots) {
    free.push(time::Duration::zero());
  }
  while (free.size() > slots) {
    free.pop();  // Those that end first leave no slot: there are fewer than run.
  }
  for (const time::Duration length : facts.ahead) {
    const time::Duration begin = free.top();
    free.pop();
    free.push(begin + length);
  }
  const time::Instant turn = facts.since + free.top();
  return facts.room_at ? std::max(turn, *facts.room_at) : turn;
}

std::optional<bool> meets(const ForecastFacts& facts, time::Instant deadline, time::Instant now) {
  const bool in_time = end_behind(start_of(facts), facts, now) <= deadline;
  return in_time && !facts.usual ? std::nullopt : std::optional(in_time);
}

std::string forecast(const ForecastFacts& facts, time::Instant deadline, time::Instant now) {
  const time::Instant start = start_of(facts);
  const time::Instant end = end_behind(start, facts, now);
  const std::string wait = others(facts, start - facts.since);
  const char* condition = facts.is_free ? "" : " if nothing else kept it";
  const std::string unknown =
      facts.unknown == 0
          ? ""
          : fmt::format(" (not counting {} without history)",
                        facts.unknown == 1 ? "1 run" : fmt::format("{} runs", facts.unknown));
  if (end > deadline) {
    std::string why = facts.usual ? "it usually takes " + about(*facts.usual) : "";
    why += (why.empty() || wait.empty() ? "" : ", and ") + wait;
    return fmt::format("it can't be met, by {}{}{}{}{}", facts.usual ? "about " : "at least ",
                       about(end - deadline), why.empty() ? "" : ": ", why, unknown);
  }
  if (!facts.usual) {
    return fmt::format("no history of {} yet", facts.task);
  }
  return fmt::format("it can be met{}: it usually takes {}{}{}, which leaves {}{}", condition,
                     about(*facts.usual), wait.empty() ? "" : ", and ", wait, about(deadline - end),
                     unknown);
}

}  // namespace sched::rules
