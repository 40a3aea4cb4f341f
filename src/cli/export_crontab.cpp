#include "cli/export_crontab.hpp"

#include "base/text.hpp"
#include "cli/export_times.hpp"
#include "exchange/crontab_writer.hpp"
#include "time/timestamp.hpp"

#include <fmt/format.h>

namespace sched::cli {
namespace {

using exchange::Variable;

std::string find_value(const security::Environment& environment, std::string_view name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string() : found->second;
}

/// What Debian's cron and cronie set by themselves.
std::string own_value(const std::string& name, const security::Environment& account) {
  if (name == "PATH") {
    return "/usr/bin:/bin";
  }
  return name == "SHELL" ? "/bin/sh" : name == "HOME" ? find_value(account, "HOME") : "";
}

/// A job's line is run by SHELL; so that is a shell only where the task says it with that shell.
bool is_text_for_its_shell(const model::Task& task) {
  const auto& argv = task.command.argv;
  return !task.command.shell && argv.size() == 3 && argv[1] == "-c" && argv[0].starts_with('/') &&
         argv[0] == find_value(task.surroundings.environment, "SHELL");
}

std::string command_of(const model::Task& task) {
  std::string text =
      is_text_for_its_shell(task) ? task.command.argv[2] : model::to_string(task.command);
  const std::string home = find_value(task.surroundings.environment, "HOME");
  if (task.surroundings.directory == home) {
    return text;
  }
  // Of a list of commands, "&&" would hold back the first alone.
  const bool is_one = !task.command.shell && !is_text_for_its_shell(task);
  return fmt::format("cd {}{}{}", base::shell_quote(task.surroundings.directory),
                     is_one ? " && " : " || exit; ", text);
}

class CrontabExport {
 public:
  CrontabExport(const security::Environment& account, time::Instant now)
      : account_(account), now_(now) {}

  void add(const ExportedTask& exported) {
    const model::Task& task = exported.task;
    exported_.text += exported_.text.empty() ? "" : "\n";
    if (!task.schedule) {
      leave_out(task, why_never(task));
      return;
    }
    if (task.paused) {
      leave_out(task, "it is paused");
      return;
    }
    if (const auto losses = losses_of(exported, ExportFormat::crontab); !losses.empty()) {
      lose(fmt::format("{}: cron can't keep {}", label(task), base::join(losses, ", ")));
    }
    if (task.surroundings.directory != find_value(task.surroundings.environment, "HOME")) {
      comment(fmt::format("{}: changed: its directory is entered by its command", label(task)));
    }
    int lines = 0;
    for (const model::Timer& timer : task.schedule->timers) {
      const auto cron = to_cron_time(timer, task, now_);
      if (!cron) {
        leave_out(task, fmt::format("{}: {}", base::quote(timer.text), cron.error().message()));
        continue;
      }
      if (++lines == 2) {
        lose(fmt::format("{}: its times are several lines, each a task of its own", label(task)));
      }
      add_line(task, *cron, lines);
    }
  }

  Exported take() { return std::move(exported_); }

 private:
  void comment(const std::string& text) {
    exported_.text += "# ";
    for (const char c : text) {
      exported_.text += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
    }
    exported_.text += "\n";
  }
  void lose(const std::string& what) {
    exported_.is_whole = false;
    comment(what);
  }
  void leave_out(const model::Task& task, const std::string& why) {
    lose(fmt::format("left out: {}: {}", label(task), why));
  }

  static std::string why_never(const model::Task& task) {
    switch (task.trigger) {
      case model::TriggerKind::once:
        return fmt::format("cron can't say 'once', at {}",
                           time::to_rfc3339(task.at.value_or(task.created_at)));
      case model::TriggerKind::upstream:
        return "it runs after other tasks";
      case model::TriggerKind::manual:
      case model::TriggerKind::timed:
        break;
    }
    return "it has no times of its own";
  }

  /// The assignments that this job needs, given those that stand above it.
  std::vector<Variable> environment_for(const model::Task& task, const CronTime& cron) {
    security::Environment wanted = task.surroundings.environment;
    wanted.erase("CRON_TZ");  // the schedule says what holds now
    wanted.erase("RANDOM_DELAY");
    wanted["SHELL"] = is_text_for_its_shell(task) ? task.command.argv[0] : "/bin/sh";
    std::vector<Variable> variables;
    for (const auto& [name, value] : wanted) {
      const bool is_account = name == "USER" || name == "LOGNAME";
      const bool is_own = value == own_value(name, account_) && !value.empty() &&
                          exchange::find_variable(above_, name) == nullptr;
      if (!is_account && !is_own) {
        variables.push_back({name, value});
      }
    }
    if (!cron.zone.empty()) {
      variables.push_back({"CRON_TZ", cron.zone});
    }
    if (const auto delay = std::chrono::floor<std::chrono::minutes>(task.schedule->jitter);
        delay.count() > 0 && task.schedule->jitter == delay) {
      variables.push_back({"RANDOM_DELAY", std::to_string(delay.count())});
    }
    return variables;
  }

  void add_line(const model::Task& task, const CronTime& cron, int number) {
    if (!cron.remark.empty()) {
      comment(fmt::format("{}: changed: {}", label(task), cron.remark));
    }
    if (!cron.loss.empty()) {
      lose(fmt::format("{}: cron can't keep {}", label(task), cron.loss));
    }
    exchange::CrontabJob job;
    job.schedule = cron.schedule;
    job.command = command_of(task);
    job.input = task.stdin_text.value_or("");
    job.environment = environment_for(task, cron);
    job.comment =
        number == 1 || task.name.empty() ? task.name : fmt::format("{}-{}", task.name, number);
    write(task, job);
  }

  /// Behind a job that has all that was set above, whose own text is then dropped: the writer says
  /// what must be taken back for the next.
  void write(const model::Task& task, const exchange::CrontabJob& job) {
    exchange::CrontabJob before;
    before.schedule = "@daily";
    before.command = ":";
    before.environment = above_;
    using exchange::CrontabFormat;
    const auto dropped = exchange::to_crontab({before}, CrontabFormat::user).text.size();
    const exchange::Written written = exchange::to_crontab({before, job}, CrontabFormat::user);
    for (const exchange::Note& note : written.notes) {
      if (note.kind == exchange::Note::Kind::refused) {
        leave_out(task, note.what);
        return;
      }
      lose(fmt::format("{}: changed: {}", label(task), note.what));
    }
    exported_.text += written.text.substr(dropped);
    // What no longer holds was given its value for none; it is set again by the next that needs it.
    for (const char* name : {"CRON_TZ", "RANDOM_DELAY"}) {
      if (exchange::find_variable(above_, name) != nullptr) {
        exchange::set_variable(above_, {name, std::string(name) == "CRON_TZ" ? "" : "0"});
      }
    }
    for (const Variable& variable : job.environment) {
      exchange::set_variable(above_, variable);
    }
  }

  const security::Environment& account_;
  time::Instant now_;
  Exported exported_;
  std::vector<Variable> above_;  ///< What the lines so far have set.
};

}  // namespace

Exported export_crontab(const std::vector<ExportedTask>& tasks,
                        const security::Environment& account, time::Instant now) {
  CrontabExport crontab(account, now);
  for (const ExportedTask& task : tasks) {
    crontab.add(task);
  }
  return crontab.take();
}

}  // namespace sched::cli
