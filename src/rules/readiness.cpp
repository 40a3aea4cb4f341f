#include "rules/readiness.hpp"

#include <algorithm>

namespace sched::rules {

EdgeVerdict judge(const model::Condition& condition, std::optional<model::Outcome> outcome,
                  std::optional<int> exit_code) {
  if (!outcome) {
    return EdgeVerdict::open;
  }
  const auto verdict = [](bool met) { return met ? EdgeVerdict::satisfied : EdgeVerdict::refused; };
  switch (condition.kind) {
    case model::Condition::Kind::success:
      return verdict(*outcome == model::Outcome::succeeded);
    case model::Condition::Kind::failure:
      return verdict(model::is_failure(*outcome));
    case model::Condition::Kind::done:
      return EdgeVerdict::satisfied;
    case model::Condition::Kind::skipped:
      return verdict(*outcome == model::Outcome::skipped);
    case model::Condition::Kind::exit:
      break;
  }
  // Only an end that the command itself chose has an exit code that means something.
  const bool own_end = *outcome == model::Outcome::succeeded || *outcome == model::Outcome::failed;
  return verdict(own_end && exit_code &&
                 std::any_of(condition.exit_codes.begin(), condition.exit_codes.end(),
                             [&](const model::EndSet::Range& range) {
                               return range.first <= *exit_code && *exit_code <= range.last;
                             }));
}

JoinVerdict judge(const model::Join& join, const model::EdgeCounts& edges) {
  int needed = edges.total;
  if (join.kind == model::Join::Kind::any) {
    needed = std::min(1, edges.total);
  } else if (join.kind == model::Join::Kind::at_least) {
    needed = join.count;
  }
  if (edges.satisfied >= needed) {
    return JoinVerdict::holds;
  }
  return edges.satisfied + edges.open >= needed ? JoinVerdict::open : JoinVerdict::impossible;
}

std::optional<time::Instant> due_at(JoinVerdict join, bool paused, time::Instant not_before) {
  return join == JoinVerdict::holds && !paused ? std::optional(not_before) : std::nullopt;
}

}  // namespace sched::rules
