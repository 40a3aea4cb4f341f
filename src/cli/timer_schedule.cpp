#include "cli/timer_schedule.hpp"

#include "exchange/clock_difference.hpp"
#include "time/duration.hpp"
#include "time/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sched::cli {
namespace {

using Note = exchange::Note;
using TriggerKind = exchange::TimerTrigger::Kind;

constexpr time::Duration k_two_years = std::chrono::hours(24 * 731);

/// Whether the runs are counted from the end of the one before; only a single such line can be
/// kept so.
bool counts_from_finish(const exchange::SystemdTimer& timer) {
  int repeating = 0;
  bool is_inactive = false;
  for (const exchange::TimerTrigger& trigger : timer.triggers) {
    if (trigger.kind == TriggerKind::calendar || trigger.kind == TriggerKind::unit_active ||
        trigger.kind == TriggerKind::unit_inactive) {
      ++repeating;
      is_inactive = trigger.kind == TriggerKind::unit_inactive;
    }
  }
  return repeating == 1 && is_inactive;
}

class ScheduleWriter {
 public:
  ScheduleWriter(exchange::SystemdTimer& timer, time::Instant now)
      : timer_(timer), from_finish_(counts_from_finish(timer)), now_(now) {}

  model::Schedule write() {
    schedule_.catch_up.kind =
        timer_.persistent ? model::CatchUp::Kind::last : model::CatchUp::Kind::none;
    schedule_.overlap = model::Overlap::skip;  // A unit never runs twice at the same time.
    schedule_.jitter = to_duration(timer_.randomized_delay);
    schedule_.from_finish = from_finish_;
    for (const exchange::TimerTrigger& trigger : timer_.triggers) {
      add(trigger);
    }
    return std::move(schedule_);
  }

 private:
  void note(const exchange::TimerTrigger& trigger, Note::Kind kind, std::string what) {
    timer_.notes.push_back({trigger.line, kind, std::move(what), trigger.source});
  }

  void add(const exchange::TimerTrigger& trigger) {
    switch (trigger.kind) {
      case TriggerKind::calendar:
        schedule_.timers.push_back({model::Timer::Kind::calendar, trigger.calendar});
        compare_clocks(trigger);
        break;
      case TriggerKind::active:
      case TriggerKind::boot:
      case TriggerKind::startup:
        add_boot(trigger);
        break;
      case TriggerKind::unit_inactive:
        if (!from_finish_) {
          note(trigger, Note::Kind::changed,
               "beside other times it is counted from the import, not from the end of each run");
        }
        add_every(trigger);
        break;
      case TriggerKind::unit_active:
        add_every(trigger);
        break;
    }
  }

  void add_every(const exchange::TimerTrigger& trigger) {
    if (trigger.span < std::chrono::seconds(1)) {
      note(trigger, Note::Kind::refused, "less than a second from one run to the next");
      return;
    }
    schedule_.timers.push_back(
        {model::Timer::Kind::every, time::to_string(to_duration(trigger.span))});
    schedule_.anchor = now_;
  }

  void add_boot(const exchange::TimerTrigger& trigger) {
    if (from_finish_) {
      note(trigger, Note::Kind::changed,
           "the first run is counted from the import, not from a boot");
      return;
    }
    const model::Timer at_boot{model::Timer::Kind::cron, "@reboot"};
    if (std::find(schedule_.timers.begin(), schedule_.timers.end(), at_boot) ==
        schedule_.timers.end()) {
      schedule_.timers.push_back(at_boot);
    }
    if (trigger.span > exchange::Span(0)) {
      note(trigger, Note::Kind::changed,
           "it runs as soon as a worker is there after a boot, without that delay");
    }
  }

  void compare_clocks(const exchange::TimerTrigger& trigger) {
    const auto spec = time::parse_calendar(trigger.calendar);
    const auto zone = time::Zone::named("");
    if (!spec || !zone) {
      return;
    }
    if (const auto when = exchange::find_clock_difference(*spec, *zone, now_, now_ + k_two_years)) {
      note(trigger, Note::Kind::changed,
           fmt::format("around the change of clocks at {} systemd would fire otherwise",
                       time::to_rfc3339(*when)));
    }
  }

  exchange::SystemdTimer& timer_;
  bool from_finish_;
  time::Instant now_;
  model::Schedule schedule_;
};

}  // namespace

time::Duration to_duration(exchange::Span span) {
  return std::chrono::ceil<time::Duration>(
      std::chrono::duration<std::int64_t, std::micro>(std::min(span, k_longest_span).count()));
}

model::Schedule keep_schedule(exchange::SystemdTimer& timer, time::Instant now) {
  return ScheduleWriter(timer, now).write();
}

}  // namespace sched::cli
