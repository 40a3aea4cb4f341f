#include "worker/timed.hpp"

#include "rules/due.hpp"
#include "rules/timetable.hpp"
#include "time/timestamp.hpp"
#include "worker/advance.hpp"
#include "worker/fire.hpp"

#include <fmt/format.h>

namespace sched::worker {
namespace {

constexpr const char* k_time = "time";

/// Where a schedule can't be read any more (a zone that tzdata has dropped): look again then.
constexpr time::Duration k_until_next_look = std::chrono::hours(1);

/// Fires one task.
class TimedTask {
 public:
  TimedTask(store::Store& store, const model::Task& task, time::Instant now)
      : store_(store),
        task_(task),
        schedule_(*task.schedule),
        table_(rules::read_timetable(schedule_, model::label(task))),
        now_(now),
        runs_left_(task.runs_left) {}

  std::vector<Notice> fire_due(time::Instant working_since) {
    if (!table_) {
      record(k_time, model::Outcome::missed, *task_.next_at, 1,
             "its schedule can't be read: " + table_.error().message());
      store_.timers().set_next(task_.id, now_ + k_until_next_look, runs_left_);
      return std::move(notices_);
    }
    const time::Timetable table = known_firings();
    const auto first = first_of(table);
    if (!first) {
      set_next(std::nullopt);
      return std::move(notices_);
    }
    const rules::Due due = rules::due(table, schedule_, *first, now_, working_since, runs_left_);
    if (due.missed) {
      record(k_time, model::Outcome::missed, due.missed->last, due.missed->count,
             due.missed->reason);
    }
    for (const rules::DueFiring& firing : due.firings) {
      fire_one(k_time, firing.nominal_at, firing.is_late);
    }
    set_next(due.next);
    return std::move(notices_);
  }

  void fire_at_boot() {
    if (!table_ || !rules::fires_at_boot(table_->table) || runs_left_ == 0 || !may_fire_now()) {
      return;
    }
    fire_one("boot", now_, false);
    store_.timers().set_next(task_.id, runs_left_ == 0 ? std::nullopt : task_.next_at, runs_left_);
  }

  /// After the end of a run, where the interval counts from there.
  void count_from_end() {
    const auto last = store_.runs().newest_of(task_.id);
    const time::Instant ended = last && last->finished_at ? *last->finished_at : now_;
    store_.timers().set_next(
        task_.id, table_ ? rules::next_from_finish(table_->table, ended) : now_ + k_until_next_look,
        runs_left_);
  }

  void find_moment_anew() {
    if (!table_) {
      return;
    }
    if (began_later_than_now()) {
      begin_now();
      return;
    }
    const auto next = schedule_.from_finish ? rules::next_from_finish(table_->table, now_)
                                            : time::next_firing(table_->table, now_);
    if (next && *next < *task_.next_at) {
      store_.timers().set_next(task_.id, next, runs_left_);
    }
  }

  void pass_over(const std::string& reason) {
    if (!task_.next_at || *task_.next_at > now_ || !table_) {
      return;
    }
    model::Schedule none = schedule_;
    none.catch_up = {model::CatchUp::Kind::none, 0};
    none.grace = {};
    const time::Timetable table = known_firings();
    const auto first = first_of(table);
    if (!first) {
      set_next(std::nullopt);
      return;
    }
    const rules::Due due =
        rules::due(table, none, *first, now_, now_ + time::Duration(1), runs_left_);
    if (due.missed) {
      record(k_time, model::Outcome::missed, due.missed->last, due.missed->count,
             due.missed->count == 1
                 ? reason
                 : fmt::format("{} firings since {}: {}", due.missed->count,
                               time::to_local(due.missed->first, schedule_.zone), reason));
    }
    set_next(due.next);
  }

 private:
  /// Whether the interval counts from an add at a moment that the clock has taken back.
  bool began_later_than_now() const {
    return schedule_.anchor && !schedule_.anchor_given && *schedule_.anchor > now_;
  }

  /// Else it would fire at its beginning, or, with a clock that was years ahead, not for years.
  void begin_now() {
    model::Task task = task_;
    task.schedule->anchor = now_;
    const auto table = rules::read_timetable(*task.schedule, model::label(task)).value().table;
    task.next_at = schedule_.from_finish ? rules::next_from_finish(table, now_)
                                         : time::next_firing(table, now_);
    store_.tasks().update(task);
  }

  /// When it fires, as far as can be said now: counted from a finish only the next is known.
  time::Timetable known_firings() const {
    time::Timetable table = table_->table;
    if (schedule_.from_finish) {
      for (time::TimerRule& timer : table.timers) {
        if (auto* every = std::get_if<time::Every>(&timer)) {
          every->anchor = *task_.next_at;
        }
      }
      table.not_after = task_.next_at;
    }
    return table;
  }

  /// The first that is to be dealt with: a task may have been woken just to be looked at again.
  std::optional<time::Instant> first_of(const time::Timetable& table) const {
    return time::next_firing(table, *task_.next_at - time::Duration(1));
  }

  /// Whether bounds and days let a firing at this very moment pass.
  bool may_fire_now() const {
    constexpr time::Duration k_no_second_one = std::chrono::years(1000);
    time::Timetable table = table_->table;
    table.timers = {time::Every{k_no_second_one, now_}};
    return time::next_firing(table, now_ - time::Duration(1)) == now_;
  }

  void set_next(std::optional<time::Instant> next) {
    if (runs_left_ == 0) {
      store_.timers().set_next(task_.id, std::nullopt, runs_left_);
    } else if (schedule_.from_finish) {
      store_.timers().await_end(task_.id, runs_left_);
    } else {
      store_.timers().set_next(task_.id, next, runs_left_);
    }
  }

  void fire_one(const char* trigger, time::Instant moment, bool is_late) {
    const auto unfinished = store_.runs().unfinished_of(task_.id);
    // Those that are made up for come all at once: they wait for one another, else catch-up would
    // be in vain.
    const model::Overlap overlap = is_late && schedule_.overlap == model::Overlap::skip
                                       ? model::Overlap::queue
                                       : schedule_.overlap;
    if (!unfinished.empty() && overlap == model::Overlap::skip) {
      record(trigger, model::Outcome::skipped, moment, 1,
             fmt::format("{} has not finished, and overlap is skip",
                         model::label(unfinished.front())));
      return;
    }
    const bool in_turn = overlap == model::Overlap::queue || overlap == model::Overlap::replace;
    const time::Instant start = moment + rules::jitter_of(model::label(task_), schedule_.jitter);
    if (!fire(store_, task_, {trigger, moment, start, in_turn}, now_)) {
      return;  // It is there already, and may be the one that goes on: the clock was set back.
    }
    if (overlap == model::Overlap::replace) {
      cancel(unfinished, moment);
    }
    if (runs_left_) {
      --*runs_left_;
    }
  }

  void cancel(const std::vector<model::RunId>& runs, time::Instant moment) {
    const std::string reason =
        fmt::format("replaced by the firing of {}", time::to_local(moment, schedule_.zone));
    std::vector<model::RunId> ended;
    for (const model::RunId run : runs) {
      if (!store_.runs().request_cancel(run, reason) &&
          store_.runs().finish_unstarted(run, model::Outcome::cancelled, reason, now_)) {
        ended.push_back(run);
      }
    }
    advance(store_, ended, now_);
  }

  /// A firing without a run: its row says why.
  void record(const char* trigger, model::Outcome outcome, time::Instant moment,
              std::int64_t firings, const std::string& reason) {
    model::Run run;
    run.task = task_.id;
    run.trigger = trigger;
    run.nominal_at = moment;
    run.not_before = moment;
    run.firings = firings;
    run.state = model::RunState::finished;
    run.outcome = outcome;
    run.reason = reason;
    run.priority = task_.priority;
    run.created_at = now_;
    run.finished_at = now_;
    const auto id = store_.runs().add(run);
    if (!id) {
      return;  // This firing has its row: the clock was set back.
    }
    Notice notice;
    notice.kind = Notice::Kind::ended;
    notice.run = *id;
    notice.task = model::label(task_);
    notice.outcome = outcome;
    notice.reason = reason;
    notices_.push_back(std::move(notice));
  }

  store::Store& store_;
  const model::Task& task_;
  const model::Schedule& schedule_;
  base::Result<rules::ReadTimetable> table_;
  time::Instant now_;
  std::optional<int> runs_left_;
  std::vector<Notice> notices_;
};

}  // namespace

std::vector<Notice> fire_timed(store::Store& store, time::Instant now, time::Instant working_since,
                               int limit) {
  for (const model::TaskId id : store.timers().ended(limit)) {
    TimedTask(store, store.tasks().task(id), now).count_from_end();
  }
  std::vector<Notice> notices;
  for (const model::TaskId id : store.timers().due(now, limit)) {
    const model::Task task = store.tasks().task(id);
    for (Notice& notice : TimedTask(store, task, now).fire_due(working_since)) {
      notices.push_back(std::move(notice));
    }
  }
  return notices;
}

void find_moments_anew(store::Store& store, time::Instant now) {
  for (const model::TaskId id : store.timers().waiting()) {
    const model::Task task = store.tasks().task(id);
    TimedTask(store, task, now).find_moment_anew();
  }
}

void fire_at_boot(store::Store& store, const std::string& boot, time::Instant now) {
  constexpr int k_all = -1;
  for (const model::TaskId id : store.timers().not_fired_in(boot, k_all)) {
    TimedTask(store, store.tasks().task(id), now).fire_at_boot();
    store.timers().set_boot(id, boot);
  }
}

void pass_over(store::Store& store, const model::Task& task, const std::string& reason,
               time::Instant now) {
  if (task.schedule) {
    TimedTask(store, task, now).pass_over(reason);
  }
}

}  // namespace sched::worker
