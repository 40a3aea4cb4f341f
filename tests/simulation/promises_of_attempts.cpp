// Attempts against what truly happened, firings against the clock, and what is left at the end.
#include "simulation/promises.hpp"
#include "time/cron.hpp"
#include "time/duration.hpp"
#include "time/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::simulation {
namespace {

using model::Ending;
using model::Outcome;
using model::RunState;

constexpr std::int64_t k_most_counted = 1'000'000;

/// The outcome of an attempt that ended so.
Outcome outcome_of(const Ending& ending) {
  switch (ending.cause) {
    case Ending::Cause::timeout:
    case Ending::Cause::idle_timeout:
      return Outcome::timed_out;
    case Ending::Cause::cancelled:
    case Ending::Cause::shutdown:
    case Ending::Cause::preempted:
      return Outcome::cancelled;
    default:
      return ending.kind == Ending::Kind::exited && ending.code == 0 ? Outcome::succeeded
                                                                     : Outcome::failed;
  }
}

bool is_preempted(const Ending& ending) {
  return ending.cause == Ending::Cause::preempted;
}

constexpr int k_shed_too_often = 3;

/// How often in a row a run was shed with this attempt, when it was so often before.
int shed_with(const model::Attempt& attempt, int before) {
  const bool gave_way = attempt.ending && is_preempted(*attempt.ending);
  if (gave_way && attempt.reason.starts_with("shed ")) {
    return before % k_shed_too_often + 1;
  }
  return gave_way || !attempt.outcome ? before : 0;
}

/// What lies between two firings, where that is always the same.
std::optional<time::Duration> period_of(const model::Schedule& schedule) {
  if (schedule.from_finish || schedule.timers.size() != 1) {
    return std::nullopt;
  }
  const model::Timer& timer = schedule.timers.front();
  if (timer.kind == model::Timer::Kind::every) {
    return time::parse_duration(timer.text).value();
  }
  return timer.text == "* * * * *"     ? std::chrono::minutes(1)
         : timer.text == "*/5 * * * *" ? std::chrono::minutes(5)
         : timer.text == "0 * * * *"   ? std::chrono::minutes(60)
                                       : std::optional<time::Duration>(std::chrono::hours(24));
}

}  // namespace

void Promises::check_claim(const model::Run& run) {
  const auto attempts = site_.people().attempts().of_run(run.id);
  const model::Claim claim = attempts.back().claim;
  const auto known = claims_.find(run.id);
  if (known != claims_.end() && known->second == claim) {
    return;
  }
  claims_[run.id] = claim;
  just_claimed_.insert(run.id);
  const auto before = runs_.find(run.id);
  if (before != runs_.end() && before->second.cancel_requested) {
    broken(run, "it is started again though it was cancelled");
  }
  if (!count_edges(run).holds) {
    broken(run, "it starts before what it comes after");
  }
  if (task(run.task).paused) {
    broken(run, "it starts though its task is paused");
  }
  if (has_one_ahead(run)) {
    broken(run, "it starts before its turn");
  }
  if (run.deadlines.hard && *run.started_at > *run.deadlines.hard) {
    broken(run, "it starts after its hard deadline");
  }
}

void Promises::check_attempts(const model::Run& run) {
  const auto attempts = site_.people().attempts().of_run(run.id);
  if (static_cast<int>(attempts.size()) != run.attempts) {
    broken(run,
           fmt::format("{} attempts are counted, and {} are there", run.attempts, attempts.size()));
  }
  int shed = 0;
  for (const model::Attempt& attempt : attempts) {
    shed = attempt.claim.attempt == run.spent_attempts + 1 ? 0 : shed;
    shed = shed_with(attempt, shed);
    check_attempt(run, attempt, shed);
  }
  // None that began was handed back.
  for (auto began = machine_.began.lower_bound({run.id, 0, 0});
       began != machine_.began.end() && began->first.run == run.id; ++began) {
    const bool is_there =
        std::any_of(attempts.begin(), attempts.end(),
                    [&](const model::Attempt& attempt) { return attempt.claim == began->first; });
    if (!is_there) {
      broken(run, fmt::format("{} began, and is not there", text_of(began->first)));
    }
  }
  if (run.outcome == Outcome::succeeded &&
      (attempts.empty() || attempts.back().outcome != Outcome::succeeded)) {
    broken(run, "its last attempt did not succeed");
  }
  const bool ended_untried =
      run.outcome == Outcome::skipped || run.outcome == Outcome::cancelled ||
      (run.outcome == Outcome::missed && run.attempts == run.spent_attempts + run.displaced);
  if (!attempts.empty() && run.outcome && !ended_untried &&
      attempts.back().outcome != run.outcome) {
    broken(run, "its last attempt ended otherwise");
  }
  const int counted = run.attempts - run.spent_attempts - run.displaced;
  if (run.outcome == Outcome::failed && counted == 0) {
    broken(run, "nothing was tried");
  }
}

void Promises::check_attempt(const model::Run& run, const model::Attempt& attempt,
                             int shed_in_a_row) {
  const bool is_last = attempt.claim.attempt == run.attempts;
  if (!attempt.outcome) {
    if (!is_last || run.state != RunState::running) {
      broken(run, fmt::format("{} has no end", text_of(attempt.claim)));
    }
    return;
  }
  if (is_last && run.state == RunState::running) {
    broken(run, "it runs, and its attempt has ended");
  }
  const auto truth = machine_.began.find(attempt.claim);
  if (*attempt.outcome == Outcome::lost) {
    const bool never_began = truth == machine_.began.end();
    const bool power_went = machine_.boot != "boot 1";
    if (never_began ? !power_went : !truth->second.nobody_saw) {
      broken(run, fmt::format("{} is called lost, and is not", text_of(attempt.claim)));
    }
    return;
  }
  if (truth == machine_.began.end() || !truth->second.ending) {
    broken(run, fmt::format("{} is called {}, and has not ended", text_of(attempt.claim),
                            model::to_string(*attempt.outcome)));
  }
  const bool is_shed = attempt.reason.starts_with("shed ");
  // Of what was retried by hand nobody knows any more where that count began.
  if (is_shed && attempt.claim.attempt <= run.spent_attempts) {
    return;
  }
  const Outcome expected = is_shed && shed_in_a_row == k_shed_too_often
                               ? Outcome::failed
                               : outcome_of(*truth->second.ending);
  if (*attempt.outcome != expected) {
    broken(run, fmt::format("{} is called {}, and was {}", text_of(attempt.claim),
                            model::to_string(*attempt.outcome), model::to_string(expected)));
  }
}

void Promises::follow(model::TaskId id) {
  const model::Task known = site_.people().tasks().task(id);
  beats_.erase(id);
  if (!known.schedule || !known.next_at) {
    return;
  }
  for (const auto& [run_id, run] : runs_) {
    if (run.task == id && run.nominal_at > clock_.now()) {
      return;  // The clock was set back behind firings of its earlier schedule.
    }
  }
  if (const auto period = period_of(*known.schedule)) {
    // A firing that has come and was not dealt with is still to be.
    const time::Instant since = std::min(clock_.now(), *known.next_at - time::Duration(1));
    beats_[id] = {since, *known.next_at - *period, *period, known.schedule->anchor};
  }
}

/// Whether the clock was set back behind the moment from which its interval counted.
bool Promises::begins_anew(model::TaskId id, const Beat& beat) {
  const model::Task known = site_.people().tasks().task(id);
  if (!known.schedule || known.schedule->anchor == beat.anchor) {
    return false;
  }
  const time::Instant anchor = *known.schedule->anchor;
  if (anchor >= *beat.anchor || anchor > clock_.now()) {
    throw Broken(fmt::format("{} counts from {} and counted from {}", model::label(known),
                             time::to_rfc3339(anchor), time::to_rfc3339(*beat.anchor)));
  }
  if (known.next_at && (*known.next_at - anchor) % beat.period != time::Duration(0)) {
    throw Broken(fmt::format("{} counts from {} and fires next at {}", model::label(known),
                             time::to_rfc3339(anchor), time::to_rfc3339(*known.next_at)));
  }
  return true;
}

void Promises::check_firings(model::TaskId id) {
  const auto beat = beats_.find(id);
  if (beat == beats_.end()) {
    return;
  }
  if (begins_anew(id, beat->second)) {
    follow(id);
    return;
  }
  std::map<time::Instant, const model::Run*> rows;
  int fired = 0;
  for (const auto& [run_id, run] : runs_) {
    if (run.task == id && run.trigger == "time" && run.nominal_at > beat->second.since) {
      rows[run.nominal_at] = &run;
      // One that was missed and retried by hand is none of the count.
      const bool ran = run.outcome != Outcome::missed && run.outcome != Outcome::skipped;
      fired += ran && !reopened_.contains(run_id) ? 1 : 0;
    }
  }
  time::Instant last = beat->second.last;
  for (const auto& [moment, run] : rows) {
    const bool uncounted = run->firings == k_most_counted;  // and the reason says "more than"
    if (uncounted ? moment - last < run->firings * beat->second.period
                  : moment - last != run->firings * beat->second.period) {
      broken(*run, fmt::format("it stands for {} firings up to {}, and the last before was at {}",
                               run->firings, time::to_rfc3339(moment), time::to_rfc3339(last)));
    }
    last = moment;
  }
  const model::Task known = site_.people().tasks().task(id);
  if (known.next_at && *known.next_at != last + beat->second.period) {
    throw Broken(fmt::format("{} fires next at {}, and last at {}", model::label(known),
                             time::to_rfc3339(*known.next_at), time::to_rfc3339(last)));
  }
  if (!known.next_at && known.runs_left.value_or(1) > 0 && !known.awaits_end) {
    throw Broken(fmt::format("{} has firings left, and never fires", model::label(known)));
  }
  if (known.schedule && known.schedule->count && fired > *known.schedule->count) {
    throw Broken(fmt::format("{} fired {} times, of {}", model::label(known), fired,
                             *known.schedule->count));
  }
}

void Promises::check_quiet() {
  for (const auto& [id, run] : runs_) {
    if (run.state == RunState::finished) {
      continue;
    }
    if (run.state != RunState::waiting) {
      broken(run, "it never came to an end");
    }
    if (has_one_ahead(run)) {
      continue;
    }
    bool waits = false;
    for (const store::BoundEdge& edge : site_.people().bindings().edges_of(id)) {
      waits = waits || !edge.outcome;
    }
    if (!waits) {
      broken(run, "it never came to an end, and waits for nothing");
    }
  }
  for (const auto& [id, launcher] : machine_.launchers) {
    if (launcher.owner == nullptr) {
      throw Broken(fmt::format("launcher {} was left behind", id.value));
    }
    if (!launcher.alive || !launcher.journal.empty()) {
      throw Broken(fmt::format("launcher {} still has {} entries in its journal", id.value,
                               launcher.journal.size()));
    }
  }
}

}  // namespace sched::simulation
