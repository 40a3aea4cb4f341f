#include "rules/explain_deadline.hpp"

#include "time/duration.hpp"
#include "time/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::rules {
namespace {

std::string in_seconds(time::Duration duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
  return time::to_string(std::max(seconds, std::chrono::seconds(0)));
}

}  // namespace

void add_deadlines(const ExplainFacts& facts, const model::Run& run, std::vector<Obstacle>& found) {
  const auto outlook = [&](time::Instant deadline) {
    return facts.forecast && deadline >= facts.now
               ? "; " + forecast(*facts.forecast, deadline, facts.now)
               : std::string();
  };
  const std::string remove = fmt::format("another one: sched edit {} --deadline WHEN", facts.task);
  if (const auto& soft = run.deadlines.soft) {
    const std::string moment = time::to_local(*soft);
    found.push_back({Obstacle::Kind::deadline,
                     facts.now > *soft ? fmt::format("it is late: its deadline was {}, {} ago",
                                                     moment, in_seconds(facts.now - *soft))
                                       : fmt::format("its deadline is {}, in {}{}", moment,
                                                     in_seconds(*soft - facts.now), outlook(*soft)),
                     remove});
  }
  if (const auto& hard = run.deadlines.hard) {
    const bool runs = run.state == model::RunState::running;
    found.push_back(
        {Obstacle::Kind::deadline,
         fmt::format("its hard deadline is {}, in {}: {}{}", time::to_local(*hard),
                     in_seconds(*hard - facts.now),
                     runs ? "it is ended then" : "it does not start when it can't meet that",
                     outlook(*hard)),
         remove});
  }
}

}  // namespace sched::rules
