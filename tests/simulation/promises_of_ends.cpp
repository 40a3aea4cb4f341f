// What follows an end: handlers, fallbacks, and the bound on failures in a flow.
#include "simulation/promises.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace sched::simulation {
namespace {

using model::HandlerKind;
using model::Outcome;
using model::RunState;

bool is_bad(std::optional<Outcome> outcome) {
  return outcome == Outcome::failed || outcome == Outcome::timed_out || outcome == Outcome::lost;
}

/// Whether such an end calls a handler of that kind, told anew from the manual.
bool calls(HandlerKind kind, Outcome outcome) {
  return kind == HandlerKind::success ? outcome == Outcome::succeeded : is_bad(outcome);
}

}  // namespace

void Promises::check_cause(const model::Run& run) {
  const auto cause = site_.people().handlers().cause_of(run.id);
  const bool is_called = run.trigger.starts_with("failure:") ||
                         run.trigger.starts_with("success:") ||
                         run.trigger.starts_with("fallback:");
  if (is_called != cause.has_value()) {
    broken(run, fmt::format("what it is for does not fit its trigger {}", run.trigger));
  }
  if (!cause) {
    return;
  }
  // Each end calls once, whatever its moment was thought to be.
  const auto first = handled_.try_emplace({run.task, run.trigger}, run.id).first;
  const auto other = runs_.find(first->second);
  const bool is_there = other != runs_.end() && other->second.task == run.task &&
                        other->second.trigger == run.trigger;  // Numbers of undone rows come again.
  if (first->second != run.id && is_there) {
    broken(run, fmt::format("run-{} is for the same end, {}", first->second.value, run.trigger));
  }
  first->second = run.id;
  const auto called_by = site_.people().runs().find(cause->run);
  if (!called_by) {
    return;  // It was removed.
  }
  const auto attempts = site_.people().attempts().of_run(cause->run);
  const auto last = std::find_if(attempts.begin(), attempts.end(), [&](const auto& attempt) {
    return attempt.claim.attempt == cause->attempt;
  });
  if (last == attempts.end() || last->outcome != cause->outcome) {
    broken(run, fmt::format("it is for an end of run-{} that never was", cause->run.value));
  }
}

void Promises::check_followers(const model::Run& run) {
  const auto followers = site_.people().handlers().runs_for(run.id);
  for (const model::Handler& handler : site_.people().handlers().of(run.task)) {
    if (!calls(handler.kind, *run.outcome)) {
      continue;
    }
    const std::string trigger =
        fmt::format("{}:{}.{}", model::to_string(handler.kind), run.id.value, run.attempts);
    const auto count =
        std::count_if(followers.begin(), followers.end(), [&](model::RunId follower) {
          const model::Run found = site_.people().runs().run(follower);
          return found.task == handler.handler && found.trigger == trigger;
        });
    if (count != 1) {
      broken(run, fmt::format("{} runs of its handler task-{} for {}", count, handler.handler.value,
                              trigger));
    }
    if (handler.kind == HandlerKind::fallback &&
        !site_.people().bindings().dependents_of(run.id).empty()) {
      broken(run, "its fallback runs, and others still look at it");
    }
  }
  for (const model::RunId follower : followers) {
    const auto cause = site_.people().handlers().cause_of(follower);
    // One that is over without a further try after a retry by hand has two ends with that number.
    if (cause->attempt == run.attempts && run.attempts > run.spent_attempts &&
        !calls(cause->kind, *run.outcome)) {
      broken(run, fmt::format("run-{} was called by another end", follower.value));
    }
  }
}

/// So many of a flow have failed for good.
int Promises::failed_of(model::RunId flow) {
  int failed = 0;
  for (const auto& [id, known] : runs_) {
    const auto now = known.flow == flow ? site_.people().runs().find(id) : std::nullopt;
    const bool counts = now && is_bad(now->outcome);
    failed += counts && site_.people().handlers().in_place_of(id) == id ? 1 : 0;
  }
  return failed;
}

/// The dead letters of a tag.
std::vector<model::Run> Promises::dead_of(const std::string& tag) {
  std::vector<model::Run> dead;
  for (const auto& [id, known] : runs_) {
    const auto now = site_.people().runs().find(id);
    if (now && model::is_dead(*now) && has_tag(*now, tag) &&
        site_.people().handlers().in_place_of(id) == id) {
      dead.push_back(*now);
    }
  }
  return dead;
}

bool Promises::has_tag(const model::Run& run, const std::string& tag) {
  const auto tags = task(run.task).tags;
  return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

/// A bound was met: what has not begun may not start any more, nor what runs when it comes back.
/// What started in the same pass, behind that, may stand for what a person brought back.
void Promises::note_bound(const std::function<bool(const model::Run&)>& is_bound) {
  for (const auto& [id, known] : runs_) {
    const auto now = site_.people().runs().find(id);
    const auto claim = claims_.find(id);
    if (now && now->state == RunState::running && is_bound(*now) &&
        now->attempts == now->spent_attempts + now->displaced + 1 && claim != claims_.end() &&
        !just_claimed_.contains(id) &&
        site_.people().attempts().of_run(id).back().claim == claim->second) {
      bound_met_[id] = claim->second;
    }
  }
}

void Promises::check_come_back(const model::Run& run, const Licence& licence) {
  const auto met = bound_met_.find(run.id);
  if (met == bound_met_.end() ||
      (run.state == RunState::running && claims_.at(run.id) == met->second)) {
    return;
  }
  bound_met_.erase(met);
  const bool is_stopped = run.state == RunState::finished || run.state == RunState::held;
  if (is_stopped || licence.unknown || run.attempts > run.spent_attempts + run.displaced) {
    return;  // Or it is tried a further time.
  }
  const auto root = run.flow ? site_.people().runs().find(run.flow) : std::nullopt;
  const int most = root ? task(root->task).max_fails.of_flow : 0;
  if (most > 0 && failed_of(run.flow) >= most) {
    broken(run, "it gave way and may start again, and too much of its flow failed meanwhile");
  }
  for (const std::string& tag : task(run.task).tags) {
    const auto dead = dead_of(tag);
    for (const model::Run& one : dead) {
      const auto bounds = task(one.task).max_fails.of_tags;
      const auto bound = bounds.find(tag);
      const bool is_last = std::all_of(dead.begin(), dead.end(), [&](const model::Run& other) {
        return std::tuple(*other.finished_at, other.id) <= std::tuple(*one.finished_at, one.id);
      });
      if (is_last && bound != bounds.end() && static_cast<int>(dead.size()) >= bound->second) {
        broken(run, fmt::format("it gave way and may start again, and too much of the tag {} "
                                "failed meanwhile",
                                tag));
      }
    }
  }
}

void Promises::check_flow(const model::Run& run) {
  const auto root = run.flow ? site_.people().runs().find(run.flow) : std::nullopt;
  const int most = root ? task(root->task).max_fails.of_flow : 0;
  if (most == 0 || !is_bad(run.outcome) ||
      site_.people().handlers().in_place_of(run.id) != run.id || failed_of(run.flow) < most) {
    return;
  }
  for (const auto& [id, known] : runs_) {
    const auto now = known.flow == run.flow ? site_.people().runs().find(id) : std::nullopt;
    if (now && now->state != RunState::finished && now->state != RunState::running &&
        now->attempts == now->spent_attempts + now->displaced) {
      broken(*now, fmt::format("it may still start, and {} of its flow failed", most));
    }
  }
  note_bound([&](const model::Run& one) { return one.flow == run.flow; });
}

void Promises::check_tags(const model::Run& run) {
  if (!is_bad(run.outcome) || site_.people().handlers().in_place_of(run.id) != run.id) {
    return;
  }
  for (const auto& bound : task(run.task).max_fails.of_tags) {
    const std::string& tag = bound.first;
    const int most = bound.second;
    if (static_cast<int>(dead_of(tag).size()) < most) {
      continue;
    }
    for (const auto& [id, known] : runs_) {
      const auto now = site_.people().runs().find(id);
      const bool may_start =
          now && (now->state == RunState::waiting || now->state == RunState::queued);
      // One that was written after that end may start.
      if (may_start && has_tag(*now, tag) && now->created_at < *run.finished_at &&
          now->attempts == now->spent_attempts + now->displaced) {
        broken(*now, fmt::format("it may still start, and {} of the tag {} failed", most, tag));
      }
    }
    note_bound([&](const model::Run& one) { return has_tag(one, tag); });
  }
}

}  // namespace sched::simulation
