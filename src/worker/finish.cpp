#include "worker/finish.hpp"

#include "rules/makes_good.hpp"
#include "rules/settle.hpp"
#include "worker/advance.hpp"
#include "worker/as_tried.hpp"
#include "worker/deadline.hpp"
#include "worker/follow_up.hpp"
#include "worker/guards.hpp"
#include "worker/line.hpp"
#include "worker/max_fails.hpp"
#include "worker/notices.hpp"

#include <fmt/format.h>

namespace sched::worker {
namespace {

/// Writes one settlement; false when a guard said that the claim is stale.
bool write(store::Store& store, const model::Settlement& settlement, const model::Task& task,
           time::Instant now) {
  if (!settlement.counts) {
    if (!store.attempts().remove(settlement.claim) ||
        !store.runs().hand_back(settlement.claim, task.paused)) {
      return false;
    }
    line_up_anew(store, task.id);  // It was edited, or its queue, since it stood there.
    if (settlement.outcome) {
      return store.runs().finish_unstarted(settlement.claim.run, *settlement.outcome,
                                           settlement.reason, now);
    }
    if (settlement.next == model::RunState::waiting) {
      // Who waits for a lock keeps the moment from which it waits, and so its place in line.
      if (settlement.ending.step != model::Ending::Step::flock) {
        store.runs().set_moment(settlement.claim.run, settlement.not_before);
      }
      store.runs().wait(settlement.claim.run,
                        task.paused ? std::nullopt : std::optional(settlement.not_before),
                        settlement.reason);
    }
    return true;
  }
  if (!store.attempts().finish(settlement)) {
    return false;
  }
  if (settlement.displaced) {
    const bool done = store.runs().give_way(settlement.claim, settlement.reason, task.paused);
    line_up_anew(store, task.id);  // As above.
    return done;
  }
  if (settlement.outcome) {
    return store.runs().finish(settlement.claim, *settlement.outcome, settlement.exit_code,
                               settlement.reason, now);
  }
  return store.runs().retry(settlement.claim, settlement.not_before, settlement.exit_code,
                            settlement.reason, task.paused);
}

Notice notice_of(const model::Settlement& settlement, const model::Task& task) {
  Notice notice;
  notice.kind = settlement.displaced ? Notice::Kind::displaced
                : settlement.outcome ? Notice::Kind::ended
                : settlement.counts  ? Notice::Kind::retried
                                     : Notice::Kind::handed_back;
  notice.run = settlement.claim.run;
  notice.task = model::label(task);
  notice.attempt = settlement.claim.attempt;
  notice.outcome = settlement.outcome;
  notice.reason = settlement.reason;
  notice.elapsed = settlement.ending.elapsed;
  return notice;
}

/// Earlier runs of its task that failed need nobody to see to them, now that this one succeeded.
void make_good(store::Store& store, const model::Run& run, const model::Task& task,
               time::Instant now) {
  if (!store.dead_letters().any_before(task.id, run.id)) {
    return;
  }
  const auto root = run.flow ? store.runs().find(run.flow) : std::nullopt;
  if (rules::makes_good(root ? store.tasks().task(root->task) : task)) {
    store.dead_letters().resolve_before(task.id, run.id,
                                        fmt::format("{} succeeded", model::label(run.id)), now);
  }
}

}  // namespace

std::vector<Notice> finish_runs(store::Store& store, const std::vector<exec::Ended>& ends,
                                time::Instant now) {
  std::vector<Notice> notices;
  std::vector<FinalEnd> finished;
  std::vector<model::RunId> again;
  std::vector<model::Run> come_back;
  Breakers breakers(store, now);
  for (const exec::Ended& end : ends) {
    if (!store.attempts().is_open(end.claim)) {
      continue;  // A stale word, or one that was settled before a crash.
    }
    const model::Run run = store.runs().run(end.claim.run);
    const model::Task task = as_tried(store, store.tasks().task(run.task), run);
    const model::Settlement settlement = rules::settle(task, run, end.claim, end.ending, now);
    if (!write(store, settlement, task, now)) {
      continue;
    }
    if (const auto& soft = run.deadlines.soft;
        soft && !run.late && settlement.counts && settlement.ending.ended_at > *soft) {
      store.deadlines().mark_late(run.id);
      notices.push_back(late_notice(store, run.id, run.task, *soft));
    }
    if (!settlement.outcome && run.deadlines.first()) {
      watch_deadlines(store, run.id, now);
    }
    notices.push_back(notice_of(settlement, task));
    if (!settlement.displaced) {
      breakers.count(run, task, settlement, notices);
    }
    if (!settlement.outcome && (settlement.displaced || !settlement.counts)) {
      come_back.push_back(run);
    }
    if (settlement.outcome) {
      if (settlement.outcome == model::Outcome::succeeded) {
        make_good(store, run, task, now);
      }
      finished.push_back({run, *settlement.outcome, settlement.reason, task.has_handlers,
                          !task.max_fails.of_tags.empty()});
    } else if (run.edges.total > 0 || run.in_turn) {
      again.push_back(run.id);
    }
  }
  tell_followed(store, follow_up(store, finished, now), notices);
  for (const model::Run& run : come_back) {
    for (const model::RunId id : stop_come_back(store, run, now)) {
      notices.push_back(end_notice(store, id));
    }
  }
  // What will be tried again may have to wait once more: while it ran a person retried what it
  // comes after. Only now, for advance() counts each end once.
  for (const model::RunId run : again) {
    for (const model::RunId id : refresh(store, run, now)) {
      notices.push_back(end_notice(store, id));
    }
  }
  return notices;
}

}  // namespace sched::worker
