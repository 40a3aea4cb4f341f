#include "rules/explain.hpp"

#include "rules/explain_deadline.hpp"
#include "rules/explain_guards.hpp"
#include "rules/explain_room.hpp"
#include "rules/explain_suspended.hpp"
#include "rules/readiness.hpp"
#include "time/duration.hpp"
#include "time/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::rules {
namespace {

using Kind = Obstacle::Kind;

/// "1h30m", without what is below a second.
std::string rough(time::Duration duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
  return time::to_string(std::max(seconds, std::chrono::seconds(0)));
}

std::string standing(model::RunState state) {
  switch (state) {
    case model::RunState::waiting:
      return "is waiting";
    case model::RunState::queued:
      return "is queued";
    case model::RunState::running:
      return "is running";
    case model::RunState::held:
      return "is held";
    case model::RunState::finished:
      return "is finished";
  }
  return "";
}

/// What leads over from an edge to how the run stands that it means.
std::string who(const EdgeFact& edge) {
  return edge.in_place.empty() ? ", which " : fmt::format(", in whose place {} ", edge.in_place);
}

Obstacle open_edge(const EdgeFact& edge) {
  const std::string after = fmt::format("comes after {}:{}", edge.task, to_string(edge.condition));
  if (!edge.run) {
    return {Kind::upstream_not_fired, after + ", which has no run yet",
            fmt::format("sched start {}", edge.task)};
  }
  const model::RunState state = edge.state.value_or(model::RunState::waiting);
  const std::string& runs = edge.in_place.empty() ? edge.task : edge.in_place;
  std::string what = after + who(edge) + standing(state);
  std::string remove = fmt::format("sched explain {}", model::label(*edge.run));
  if (state == model::RunState::running) {
    remove = fmt::format("it goes on when that has ended: sched logs -f {}", runs);
  } else if (state == model::RunState::held) {
    remove = fmt::format("sched release {}", model::label(*edge.run));
  } else if (edge.paused) {
    what += ", for its task is paused";
    remove = fmt::format("sched resume {}", runs);
  } else if (!edge.first_of_all.empty()) {
    what += fmt::format(", first of all for {}, which {}", edge.first_of_all,
                        standing(edge.first_state.value_or(model::RunState::waiting)));
    remove = fmt::format("sched explain {}", edge.first_of_all);
  }
  return {Kind::upstream, what, remove};
}

/// What lets an edge that was refused be asked again: a success can't be retried, only run anew.
std::string ask_again(const EdgeFact& edge) {
  return edge.run && edge.outcome != model::Outcome::succeeded
             ? fmt::format("sched retry --downstream {}", model::label(*edge.run))
             : fmt::format("sched start {}", edge.task);
}

Obstacle refused_edge(const EdgeFact& edge) {
  const std::string code = edge.exit_code ? fmt::format(" (exit {})", *edge.exit_code) : "";
  return {Kind::upstream_refused,
          fmt::format("comes after {}:{}{}{}{}", edge.task, to_string(edge.condition), who(edge),
                      edge.outcome ? told(*edge.outcome) : "ended", code),
          ask_again(edge)};
}

void add_edges(const ExplainFacts& facts, std::vector<Obstacle>& found) {
  model::EdgeCounts counts;
  std::vector<Obstacle> open;
  std::vector<Obstacle> refused;
  for (const EdgeFact& edge : facts.edges) {
    ++counts.total;
    switch (judge(edge.condition, edge.outcome, edge.exit_code)) {
      case EdgeVerdict::open:
        ++counts.open;
        open.push_back(open_edge(edge));
        break;
      case EdgeVerdict::satisfied:
        ++counts.satisfied;
        break;
      case EdgeVerdict::refused:
        refused.push_back(refused_edge(edge));
        break;
    }
  }
  if (judge(facts.join, counts) != JoinVerdict::holds) {
    found.insert(found.end(), open.begin(), open.end());
    found.insert(found.end(), refused.begin(), refused.end());
  }
}

void add_moment(const ExplainFacts& facts, const model::Run& run, std::vector<Obstacle>& found) {
  if (run.state == model::RunState::queued || run.not_before <= facts.now) {
    return;
  }
  const std::string moment =
      fmt::format("{}, in {}", time::to_local(run.not_before), rough(run.not_before - facts.now));
  const int tried = run.attempts - run.spent_attempts - run.displaced;
  if (tried > 0) {
    found.push_back(
        {Kind::retry,
         fmt::format("attempt {} of {} comes at {}", tried + 1, facts.retries + 1, moment),
         fmt::format("nothing to do; how the last one ended: sched show {}",
                     model::label(run.id))});
    return;
  }
  found.push_back(
      {Kind::moment, "its moment is " + moment,
       fmt::format("it starts by itself then; sched start {} makes a run now", facts.task)});
}

Obstacle running(const ExplainFacts& facts, const model::Run& run) {
  const std::string since =
      run.started_at ? fmt::format(" for {}", rough(facts.now - *run.started_at)) : "";
  if (run.cancel_requested) {
    return {Kind::running, fmt::format("attempt {} is being cancelled", run.attempts),
            "nothing to do"};
  }
  if (!run.reason.empty()) {
    return {Kind::running, fmt::format("attempt {} is being ended: {}", run.attempts, run.reason),
            fmt::format("it begins anew in its turn: sched queue show {}", facts.queue.name)};
  }
  return {Kind::running, fmt::format("attempt {} has been running{}", run.attempts, since),
          fmt::format("sched logs -f {}", model::label(run.id))};
}

Obstacle finished(const ExplainFacts& facts, const model::Run& run) {
  const std::string end =
      fmt::format("it {}: {}", run.outcome ? told(*run.outcome) : "ended", run.reason);
  if (run.outcome == model::Outcome::succeeded && facts.next_at) {
    return {Kind::finished,
            fmt::format("it succeeded; {} fires next at {}", facts.task,
                        time::to_local(*facts.next_at)),
            fmt::format("nothing to do; now: sched start {}", facts.task)};
  }
  if (run.outcome == model::Outcome::succeeded) {
    return {Kind::finished, "it succeeded", fmt::format("again: sched start {}", facts.task)};
  }
  if (run.outcome == model::Outcome::skipped) {
    for (const EdgeFact& edge : facts.edges) {
      if (edge.run && judge(edge.condition, edge.outcome, edge.exit_code) == EdgeVerdict::refused) {
        return {Kind::finished, end, ask_again(edge)};
      }
    }
  }
  return {Kind::finished, end, fmt::format("sched retry {}", model::label(run.id))};
}

Obstacle no_run(const ExplainFacts& facts) {
  if (facts.trigger == model::TriggerKind::upstream && !facts.edges.empty()) {
    return {Kind::no_run,
            fmt::format("{} has no run yet: it comes with the next one of {}", facts.task,
                        facts.edges.front().task),
            fmt::format("sched start {}", facts.edges.front().task)};
  }
  if (facts.next_at) {
    return {Kind::no_run,
            fmt::format("{} has no run yet: it fires first at {}", facts.task,
                        time::to_local(*facts.next_at)),
            fmt::format("nothing to do; now: sched start {}", facts.task)};
  }
  return {Kind::no_run, fmt::format("{} has no run yet", facts.task),
          fmt::format("sched start {}", facts.task)};
}

}  // namespace

std::vector<Obstacle> explain(const ExplainFacts& facts) {
  std::vector<Obstacle> found;
  if (facts.run && facts.run->state == model::RunState::running) {
    found.push_back(facts.run->suspended_at ? explain_suspended(facts, *facts.run)
                                            : running(facts, *facts.run));
    add_deadlines(facts, *facts.run, found);
    return found;
  }
  if (facts.run && facts.run->state == model::RunState::finished) {
    return {finished(facts, *facts.run)};
  }
  if (facts.run && facts.run->state == model::RunState::held) {
    const bool by_bound = facts.run->reason.starts_with("max-fails ");
    found.push_back({Kind::held,
                     by_bound ? "it is held: " + facts.run->reason : "a person holds it",
                     fmt::format("sched release {}", model::label(facts.run->id))});
  }
  if (facts.paused) {
    found.push_back({Kind::paused, fmt::format("{} is paused", facts.task),
                     fmt::format("sched resume {}", facts.task)});
  }
  if (!facts.run) {
    found.push_back(no_run(facts));
    return found;
  }
  if (facts.run->state == model::RunState::queued && !facts.run->reason.empty()) {
    found.push_back(
        {Kind::displaced, "it was " + facts.run->reason,
         fmt::format("it begins anew in its turn: sched queue show {}", facts.queue.name)});
  }
  if (facts.run->state != model::RunState::queued) {
    add_edges(facts, found);
  }
  if (facts.ahead) {
    found.push_back(
        {Kind::turn,
         fmt::format("{} of the same task is not over, and they take turns",
                     model::label(*facts.ahead)),
         fmt::format("its turn comes; sooner: sched cancel {}", model::label(*facts.ahead))});
  }
  add_moment(facts, *facts.run, found);
  add_giving_way(facts, found);
  add_queue(facts, *facts.run, found);
  add_guards(facts, *facts.run, found);
  add_room(facts, *facts.run, found);
  add_expected_start(facts, *facts.run, found);
  add_deadlines(facts, *facts.run, found);
  return found;
}

}  // namespace sched::rules
