#include "cli/trigger.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/deadline_field.hpp"
#include "os/host.hpp"
#include "rules/timetable.hpp"
#include "time/timestamp.hpp"
#include "worker/advance.hpp"
#include "worker/deadline.hpp"
#include "worker/fire.hpp"
#include "worker/line.hpp"
#include "worker/timed.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::cli {
namespace {

/// The moment of that field: none when it is not given, or given as ''.
std::optional<time::Instant> read_moment(TaskDraft& draft, const char* field, time::Instant now) {
  const std::string& text = draft.moments.at(field);
  if (text.empty()) {
    return std::nullopt;
  }
  const std::string zone = draft.task.schedule ? draft.task.schedule->zone : std::string();
  const auto moment = time::parse_moment(text, now, zone);
  if (!moment) {
    throw moment.error().within(fmt::format("--{} {}", field, base::quote(text)));
  }
  if (!moment->warning.empty()) {
    draft.warnings.push_back(moment->warning);
  }
  return moment->at;
}

void read_moments(TaskDraft& draft, time::Instant now) {
  if (draft.moments.contains("at")) {
    draft.task.at = read_moment(draft, "at", now);
  }
  if (!draft.task.schedule) {
    return;
  }
  model::Schedule& schedule = *draft.task.schedule;
  if (draft.moments.contains("anchor")) {
    schedule.anchor = read_moment(draft, "anchor", now);
    schedule.anchor_given = true;
  }
  if (draft.moments.contains("not-before")) {
    schedule.not_before = read_moment(draft, "not-before", now);
  }
  if (draft.moments.contains("not-after")) {
    schedule.not_after = read_moment(draft, "not-after", now);
  }
}

bool is_timed(const TaskDraft& draft) {
  return draft.task.schedule && !draft.task.schedule->timers.empty();
}

void refuse_contradictions(const TaskDraft& draft) {
  if (draft.manual && draft.at_given) {
    throw base::bad_input("--manual and --at exclude each other",
                          "a manual task runs only when 'sched start' says so");
  }
  if (draft.manual && is_timed(draft)) {
    throw base::bad_input("--manual and a schedule exclude each other",
                          "'sched start' can start a task with a schedule too");
  }
  if (draft.at_given && is_timed(draft)) {
    throw base::bad_input("--at and a schedule exclude each other",
                          "--not-before says from when on a schedule counts");
  }
  if (is_timed(draft)) {
    return;
  }
  for (const std::string& field : draft.schedule_fields) {
    if (field != "zone" && field != "not-before" && field != "not-after") {
      throw base::bad_input(fmt::format("--{} has no effect without a schedule", field),
                            "give --cron, --calendar or --every");
    }
  }
}

/// A single moment within the bounds that are given.
void settle_once(TaskDraft& draft, time::Instant now) {
  model::Task& task = draft.task;
  task.trigger = model::TriggerKind::once;
  if (task.schedule) {
    const auto& not_before = task.schedule->not_before;
    const auto& not_after = task.schedule->not_after;
    if (!task.at) {
      task.at = std::max(now, not_before.value_or(now));
    }
    if ((not_before && *task.at < *not_before) || (not_after && *task.at > *not_after)) {
      throw base::bad_input(
          "the moment of --at lies outside --not-before and --not-after: it would never run",
          "a task that runs once needs no more than --at");
    }
  }
  task.at = task.at.value_or(now);
  task.schedule.reset();
}

void settle_schedule(TaskDraft& draft, time::Instant now) {
  model::Task& task = draft.task;
  model::Schedule& schedule = *task.schedule;
  task.trigger = model::TriggerKind::timed;
  task.at.reset();
  if (schedule.zone.empty()) {
    schedule.zone = time::system_zone();
  }
  bool has_every = false;
  for (model::Timer& timer : schedule.timers) {
    const bool is_cron =
        timer.kind == model::Timer::Kind::cron || timer.kind == model::Timer::Kind::cron_extended;
    if (is_cron && draft.cron_kind) {
      timer.kind = *draft.cron_kind;
    }
    has_every = has_every || timer.kind == model::Timer::Kind::every;
  }
  if (!has_every && schedule.anchor && draft.moments.contains("anchor")) {
    throw base::bad_input("--anchor has no effect without --every");
  }
  if (schedule.from_finish && (!has_every || schedule.timers.size() > 1)) {
    throw base::bad_input("--from finish goes with one --every alone",
                          "cron and calendar expressions name fixed times");
  }
  if (has_every) {
    schedule.anchor = schedule.anchor.value_or(now);
  } else {
    schedule.anchor.reset();
    schedule.anchor_given = false;
  }
  const bool count_given = std::find(draft.schedule_fields.begin(), draft.schedule_fields.end(),
                                     "count") != draft.schedule_fields.end();
  if (count_given) {
    task.runs_left = schedule.count;
  }
  const auto read = rules::read_timetable(schedule, task.name).value();
  if (!rules::fires_at_boot(read.table)) {
    task.boot_id.clear();
  }
  draft.warnings.insert(draft.warnings.end(), read.warnings.begin(), read.warnings.end());
  if (!draft.force && !rules::fires_at_boot(read.table) && !time::next_firing(read.table, now)) {
    throw base::bad_input(
        "the schedule never fires",
        "'sched next' with the same options shows why; --force keeps it all the same");
  }
}

/// Whether a change was at most one of what becomes of firings.
bool stays_at_its_moments(const model::Task& before, const model::Task& task) {
  if (!before.schedule || !task.schedule || before.runs_left != task.runs_left) {
    return false;
  }
  model::Schedule one = *before.schedule;
  const model::Schedule& other = *task.schedule;
  one.catch_up = other.catch_up;
  one.grace = other.grace;
  one.overlap = other.overlap;
  one.jitter = other.jitter;
  one.anchor_given = other.anchor_given;  // Who named it changes no moment.
  return one == other;
}

}  // namespace

void settle_trigger(TaskDraft& draft, bool has_edges, time::Instant now) {
  model::Task& task = draft.task;
  read_moments(draft, now);
  settle_deadlines(draft, now);
  refuse_contradictions(draft);
  if (is_timed(draft)) {
    settle_schedule(draft, now);
    return;
  }
  task.next_at.reset();
  task.awaits_end = false;
  task.runs_left.reset();
  task.boot_id.clear();
  if (draft.manual) {
    task.trigger = model::TriggerKind::manual;
  } else if (draft.at_given || !has_edges) {
    settle_once(draft, now);
    return;
  } else {
    task.trigger = model::TriggerKind::upstream;
  }
  if (task.schedule && (task.schedule->not_before || task.schedule->not_after)) {
    throw base::bad_input(
        "--not-before and --not-after have no effect without a moment or a schedule");
  }
  task.at.reset();
  task.schedule.reset();
}

bool repeats_by_itself(const model::Task& task) {
  return task.trigger == model::TriggerKind::manual || task.trigger == model::TriggerKind::timed;
}

std::optional<time::Instant> begin_schedule(store::Store& store, const model::Task& task,
                                            time::Instant now) {
  if (!task.schedule) {
    store.timers().set_next(task.id, std::nullopt, std::nullopt);
    return std::nullopt;
  }
  const auto read = rules::read_timetable(*task.schedule, model::label(task)).value();
  const auto next = task.runs_left == 0 ? std::nullopt : time::next_firing(read.table, now);
  store.timers().set_next(task.id, next, task.runs_left);
  if (rules::fires_at_boot(read.table)) {
    store.timers().set_boot(task.id, os::boot_id());
  }
  return next;
}

void leave_moments(store::Store& store, const model::Task& before, const model::Task& task,
                   time::Instant now) {
  if (!stays_at_its_moments(before, task)) {
    worker::pass_over(store, before,
                      before.paused ? "the task was paused" : "its schedule was changed", now);
  }
}

std::optional<time::Instant> go_on(store::Store& store, const model::Task& before,
                                   const model::Task& task, time::Instant now) {
  if (!stays_at_its_moments(before, task)) {
    return begin_schedule(store, task, now);
  }
  if (before.awaits_end) {
    store.timers().await_end(task.id, task.runs_left);
  } else {
    store.timers().set_next(task.id, before.next_at, task.runs_left);
  }
  if (!before.boot_id.empty()) {
    store.timers().set_boot(task.id, before.boot_id);
  }
  return before.next_at;
}

void let_runs_follow(store::Store& store, const model::Task& task, bool moved, time::Instant now) {
  store.runs().set_priority(task.id, task.priority);
  for (const model::RunId id : store.runs().unfinished_of(task.id)) {
    const model::Run run = store.runs().run(id);
    if (moved && task.at && run.attempts == 0 && run.trigger == "once") {
      store.runs().set_moment(id, *task.at);
      worker::let_deadlines_follow(store, task, run, now);
    }
    worker::bind_newest(store, id);
    worker::refresh(store, id, now);
  }
  worker::line_up_anew(store, task.id);
}

void end_single_run(store::Store& store, const model::Task& task, time::Instant now) {
  for (const model::RunId id : store.runs().unfinished_of(task.id)) {
    if (store.runs().run(id).trigger == "once" &&
        store.runs().finish_unstarted(id, model::Outcome::cancelled, "its task has a schedule now",
                                      now)) {
      worker::advance(store, {id}, now);
    }
  }
}

}  // namespace sched::cli
