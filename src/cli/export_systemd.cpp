#include "cli/export_systemd.hpp"

#include "base/text.hpp"
#include "cli/export_times.hpp"
#include "exchange/unit_writer.hpp"
#include "time/duration.hpp"
#include "time/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::cli {
namespace {

using exchange::Span;
using exchange::TimerTrigger;

/// What can't stand in the name of a file is written as systemd escapes it.
std::string unit_name(const model::Task& task) {
  std::string name;
  for (const char c : model::label(task)) {
    name += c == '/' ? "\\x2f" : std::string(1, c);
  }
  return name;
}

std::string as_expression(time::Instant moment) {
  std::string text = time::to_rfc3339(moment);
  text.replace(text.find('T'), 1, " ");
  text.replace(text.size() - 1, 1, " UTC");
  return text;
}

TimerTrigger calendar_trigger(std::string expression) {
  TimerTrigger trigger;
  trigger.calendar = std::move(expression);
  return trigger;
}

TimerTrigger span_trigger(TimerTrigger::Kind kind, time::Duration span) {
  TimerTrigger trigger;
  trigger.kind = kind;
  trigger.span = std::chrono::duration_cast<Span>(span);
  return trigger;
}

/// Whether systemd, which has a path of its own for that, finds the command where the task does.
bool is_found(const model::Task& task) {
  const auto& command = task.command;
  const auto path = task.surroundings.environment.find("PATH");
  if (command.shell || command.argv.empty() || path == task.surroundings.environment.end() ||
      command.argv.front().find('/') != std::string::npos) {
    return true;
  }
  const auto own = base::split("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", ':');
  const auto theirs = base::split(path->second, ':');
  return std::all_of(theirs.begin(), theirs.end(), [&own](const std::string& directory) {
    return std::find(own.begin(), own.end(), directory) != own.end();
  });
}

/// One task on its way into its two units.
class UnitExport {
 public:
  UnitExport(const ExportedTask& exported, const security::Environment& account, time::Instant now)
      : exported_(exported), task_(exported.task), account_(account), now_(now) {
    const auto losses = losses_of(exported, ExportFormat::systemd);
    if (!losses.empty()) {
      lose(fmt::format("systemd can't keep {}", base::join(losses, ", ")));
    }
    if (!is_found(task_)) {
      lose(fmt::format("systemd looks for {} in its own path, not in that of the task",
                       base::quote(task_.command.argv.front())));
    }
    add_triggers();
  }

  void write(ExportedUnits& units) {
    const std::string name = unit_name(task_);
    const bool is_started = exported_.is_handler && task_.trigger == model::TriggerKind::manual;
    if (timer_.triggers.empty() && !is_started) {
      lose("no timer: it has no times that systemd knows");
    } else if (!timer_.triggers.empty()) {
      timer_.unit = name + ".service";
      timer_.description = model::label(task_);
      timer_.accuracy = Span(1);
      timer_.is_enabled = !task_.paused;
      if (task_.paused) {
        comment("changed: its timer is not enabled, for the task is paused");
      }
      keep(units, name + ".timer", exchange::to_timer_unit(timer_));
    }
    keep(units, name + ".service", exchange::to_service_unit(service()));
    units.is_whole = units.is_whole && is_whole_;
  }

 private:
  void comment(const std::string& text) {
    comments_ += fmt::format("# {}: {}\n", model::label(task_), text);
  }
  void lose(const std::string& what) {
    is_whole_ = false;
    comment(what);
  }
  void keep(ExportedUnits& units, const std::string& file, const exchange::Written& written) {
    units.units.push_back({file, std::exchange(comments_, {}) + written.text});
    for (const exchange::Note& note : written.notes) {
      is_whole_ = is_whole_ && note.kind == exchange::Note::Kind::taken;
    }
  }

  void add_triggers() {
    if (task_.trigger == model::TriggerKind::once) {
      timer_.triggers = {calendar_trigger(as_expression(task_.at.value_or(task_.created_at)))};
      timer_.persistent = true;
    }
    if (!task_.schedule) {
      return;
    }
    timer_.persistent = task_.schedule->catch_up.kind != model::CatchUp::Kind::none;
    timer_.randomized_delay = std::chrono::duration_cast<Span>(task_.schedule->jitter);
    timer_.fixed_random_delay = task_.schedule->jitter.count() > 0;
    for (const model::Timer& timer : task_.schedule->timers) {
      add_trigger(timer);
    }
  }

  void add_trigger(const model::Timer& timer) {
    if (is_at_boot(timer)) {
      timer_.triggers.push_back(span_trigger(TimerTrigger::Kind::boot, {}));
      return;
    }
    const auto times = to_calendar_times(timer, task_, now_);
    if (!times) {
      const auto period = time::parse_duration(timer.text);
      if (timer.kind == model::Timer::Kind::every && period) {
        add_period(timer.text, *period);
      } else {
        lose(fmt::format("left out: {}: {}", base::quote(timer.text), times.error().message()));
      }
      return;
    }
    if (!times->remark.empty()) {
      comment("changed: " + times->remark);
    }
    if (!times->loss.empty()) {
      lose("systemd can't keep " + times->loss);
    }
    for (const std::string& expression : times->expressions) {
      timer_.triggers.push_back(calendar_trigger(expression));
    }
  }

  void add_period(const std::string& text, time::Duration period) {
    const bool from_finish = task_.schedule->from_finish;
    timer_.triggers.push_back(span_trigger(TimerTrigger::Kind::active, period));
    timer_.triggers.push_back(span_trigger(
        from_finish ? TimerTrigger::Kind::unit_inactive : TimerTrigger::Kind::unit_active, period));
    if (!from_finish) {
      lose(fmt::format("systemd can't keep the moment that --every {} counts from", text));
    }
  }

  exchange::ServiceDraft service() const {
    exchange::ServiceDraft draft;
    draft.description = model::label(task_);
    for (const ExportedHandler& handler : exported_.handlers) {
      if (is_linked(handler)) {
        (handler.kind == model::HandlerKind::failure ? draft.on_failure : draft.on_success)
            .push_back(unit_name(handler.task) + ".service");
      }
    }
    if (task_.command.shell) {
      draft.command.shell = model::to_string(task_.command);
    } else {
      draft.command.argv = task_.command.argv;
    }
    for (const auto& [name, value] : task_.surroundings.environment) {
      const bool may_be_set =
          name == "HOME" || name == "SHELL" || name == "USER" || name == "LOGNAME";
      const auto own = account_.find(name);
      if (!may_be_set || own == account_.end() || own->second != value) {
        draft.environment.push_back({name, value});
      }
    }
    if (!task_.env_file.empty()) {
      draft.environment_files.push_back({task_.env_file, false});
    }
    draft.working_directory = task_.surroundings.directory;
    draft.nice = task_.nice;
    draft.memory_max = task_.machine.max_rss_bytes;
    draft.cpu_quota = task_.machine.cpu_quota;
    draft.umask = task_.surroundings.umask;
    if (task_.timeout.count() > 0) {
      draft.timeout = std::chrono::duration_cast<Span>(task_.timeout);
    }
    draft.input = task_.stdin_text;
    return draft;
  }

  const ExportedTask& exported_;
  const model::Task& task_;
  const security::Environment& account_;
  time::Instant now_;
  exchange::SystemdTimer timer_;
  std::string comments_;  ///< For the unit that is written next.
  bool is_whole_ = true;
};

}  // namespace

ExportedUnits export_systemd(const std::vector<ExportedTask>& tasks,
                             const security::Environment& account, time::Instant now) {
  ExportedUnits units;
  for (const ExportedTask& task : tasks) {
    UnitExport(task, account, now).write(units);
  }
  return units;
}

}  // namespace sched::cli
