#include "worker/deadline.hpp"

#include "rules/deadline.hpp"
#include "rules/estimate.hpp"
#include "worker/follow_up.hpp"
#include "worker/notices.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::worker {
namespace {

/// Of so many runs of a task the length is asked.
constexpr int k_runs_asked = 5;

rules::DeadlineFacts deadline_facts(store::Store& store, const store::DeadlineRow& row) {
  rules::DeadlineFacts facts{row.deadlines, row.state, row.late, std::nullopt};
  if (row.deadlines.hard && row.state != model::RunState::running) {
    facts.usual = rules::estimate(store.attempts().durations(row.task, k_runs_asked), 1, 1);
  }
  return facts;
}

bool gave_way(const model::Attempt& attempt) {
  return attempt.ending && attempt.ending->cause == model::Ending::Cause::preempted;
}

/// One that was tried ended as the last attempt that counts did; it is only not tried again.
model::Outcome outcome_without_start(store::Store& store, const model::Run& run,
                                     std::string& reason) {
  if (run.attempts > run.spent_attempts + run.displaced) {
    const auto attempts = store.attempts().of_run(run.id);
    const auto last = std::find_if(attempts.rbegin(), attempts.rend(), [](const auto& attempt) {
      return attempt.outcome && !gave_way(attempt);
    });
    if (last != attempts.rend()) {
      reason = fmt::format("{}, and {}", last->reason, reason);
      return *last->outcome;
    }
  }
  return model::Outcome::missed;
}

/// Those that can't start any more.
std::vector<FinalEnd> look_at_each(store::Store& store, const std::vector<store::DeadlineRow>& due,
                                   time::Instant now, std::vector<Notice>& notices) {
  std::vector<FinalEnd> missed;
  for (const store::DeadlineRow& row : due) {
    const auto verdict = rules::judge_deadlines(deadline_facts(store, row), now);
    store.deadlines().look_at(row.run, verdict.look_at);
    if (verdict.is_late) {
      store.deadlines().mark_late(row.run);
      notices.push_back(late_notice(store, row.run, row.task, *row.deadlines.soft));
    }
    std::string reason = verdict.missed;
    if (!reason.empty()) {
      const model::Run run = store.runs().run(row.run);
      const model::Outcome outcome = outcome_without_start(store, run, reason);
      if (store.runs().finish_unstarted(row.run, outcome, reason, now)) {
        const model::Task task = store.tasks().task(row.task);
        missed.push_back(
            {run, outcome, reason, task.has_handlers, !task.max_fails.of_tags.empty()});
        notices.push_back(end_notice(store, row.run));
      }
    }
  }
  return missed;
}

}  // namespace

Heeded heed_deadlines(store::Store& store, time::Instant now, int limit) {
  Heeded heeded;
  // What is called in place of one that can't start any more may be too late itself.
  for (int looked = 0; looked < limit;) {
    const auto due = store.deadlines().due(now, limit - looked);
    if (due.empty()) {
      heeded.all = true;
      break;
    }
    looked += static_cast<int>(due.size());
    tell_followed(store, follow_up(store, look_at_each(store, due, now, heeded.notices), now),
                  heeded.notices);
  }
  return heeded;
}

void watch_deadlines(store::Store& store, model::RunId run, time::Instant now) {
  const auto row = store.deadlines().find(run);
  if (!row || (!row->deadlines.soft && !row->deadlines.hard)) {
    return;
  }
  const auto verdict = rules::judge_deadlines(deadline_facts(store, *row), now);
  // What follows already is left to the worker, who tells it; also when the clock is set back
  // first.
  const bool is_due = verdict.is_late || !verdict.missed.empty();
  store.deadlines().look_at(
      run, is_due ? std::optional(std::min(now, *row->deadlines.first())) : verdict.look_at);
}

void let_deadlines_follow(store::Store& store, const model::Task& task, time::Instant now) {
  for (const model::RunId id : store.runs().unfinished_of(task.id)) {
    let_deadlines_follow(store, task, store.runs().run(id), now);
  }
}

void let_deadlines_follow(store::Store& store, const model::Task& task, const model::Run& run,
                          time::Instant now) {
  // A single moment that was moved is what its run now stands for.
  const bool moved = run.trigger == "once" && task.at && run.attempts == 0;
  const auto deadlines = model::deadlines_of(task.deadlines, moved ? *task.at : run.nominal_at);
  if (deadlines != run.deadlines) {
    store.deadlines().set(run.id, deadlines);
    store.deadlines().look_at(run.id, std::nullopt);
    watch_deadlines(store, run.id, now);
  }
}

}  // namespace sched::worker
