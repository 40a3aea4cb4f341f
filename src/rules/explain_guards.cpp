#include "rules/explain_guards.hpp"

#include "rules/breaker.hpp"
#include "rules/explain_room.hpp"
#include "rules/rate.hpp"
#include "time/duration.hpp"
#include "time/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::rules {
namespace {

using Kind = Obstacle::Kind;

/// "4s"; at least a second, for it is yet to come.
std::string left_until(time::Instant moment, time::Instant now) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(moment - now);
  return time::to_string(std::max(seconds, std::chrono::seconds(1)));
}

std::string at_moment(time::Instant moment, time::Instant now) {
  return fmt::format("at {}, in {}", time::to_local(moment), left_until(moment, now));
}

Obstacle used_up(const model::Guard& guard, const ExplainFacts& facts) {
  const time::Instant next = next_token_at(*guard.rate, guard.full_at_us, facts.now);
  return {
      Kind::rate,
      fmt::format("the rate of {}, {} with a burst of {}, is used up: the next may start {}; {}",
                  model::label(guard), model::to_string(*guard.rate), guard.rate->burst,
                  at_moment(next, facts.now), place_in_queue(facts)),
      fmt::format("its turn comes; sooner: sched {} edit {} --rate N/min", to_string(guard.scope),
                  guard.name)};
}

Obstacle open_breaker_of(const model::Guard& guard, const ExplainFacts& facts) {
  const auto until = open_until(guard);
  const auto since = std::chrono::duration_cast<std::chrono::seconds>(
      facts.now - guard.record.opened_at.value_or(facts.now));
  return {Kind::breaker,
          fmt::format("the breaker of {} has been open for {}: {}; {}", model::label(guard),
                      time::to_string(std::max(since, std::chrono::seconds(0))), guard.record.why,
                      until ? fmt::format("a first run may try {}", at_moment(*until, facts.now))
                            : std::string("nothing starts until it is reset")),
          fmt::format("sched breaker reset {}", model::label(guard))};
}

Obstacle probe_of(const model::Guard& guard) {
  const std::string probe = model::label(guard.record.probe.run);
  return {
      Kind::breaker,
      fmt::format("the breaker of {} is half-open, and {} tries first", model::label(guard), probe),
      fmt::format("it goes on when that has succeeded: sched show {}", probe)};
}

}  // namespace

void add_guards(const ExplainFacts& facts, const model::Run& run, std::vector<Obstacle>& found) {
  if (run.state != model::RunState::queued) {
    return;
  }
  for (const model::Guard& guard : facts.guards) {
    switch (breaker_state(guard, facts.now)) {
      case BreakerState::open:
        found.push_back(open_breaker_of(guard, facts));
        break;
      case BreakerState::probing:
        found.push_back(probe_of(guard));
        break;
      case BreakerState::closed:
      case BreakerState::half_open:
        break;
    }
    if (guard.rate && tokens(*guard.rate, guard.full_at_us, facts.now) == 0) {
      found.push_back(used_up(guard, facts));
    }
  }
}

}  // namespace sched::rules
