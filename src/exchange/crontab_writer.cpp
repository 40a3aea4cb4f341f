#include "exchange/crontab_writer.hpp"

#include "base/text.hpp"
#include "exchange/crontab_percent.hpp"
#include "exchange/crontab_schedule.hpp"
#include "time/zone.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace sched::exchange {
namespace {

/// In one line, whatever it was.
std::string as_comment(std::string_view text) {
  std::string line = "# ";
  for (const char c : text) {
    line += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
  }
  return line;
}

/// Why no crontab can say this; empty when one can.
std::optional<std::string> find_obstacle(const CrontabJob& job) {
  if (const auto checked = check_schedule(job.schedule); !checked) {
    return checked.error().message();
  }
  for (const Variable& variable : job.environment) {
    if (!is_portable_name(variable.name)) {
      return fmt::format("{} is no name for a variable", base::quote(variable.name));
    }
    if (!write_assignment(variable)) {
      return fmt::format("the value of {} has what no line can hold", variable.name);
    }
  }
  if (job.zone()) {
    if (const auto zone = time::Zone::named(*job.zone()); !zone) {
      return zone.error().message();
    }
  }
  return std::nullopt;
}

/// The job's line; empty when cron would read another job from it.
std::optional<std::string> write_line(const CrontabJob& job, CrontabFormat format) {
  const CommandText text{job.command, job.input};
  const auto command = join_percent(text);
  if (!command) {
    return std::nullopt;
  }
  std::string line = (job.quiet ? "-" : "") + job.schedule + " ";
  line += format == CrontabFormat::system ? job.user + " " : "";
  line += job.mail_on_failure_only ? "-n " : "";
  line += *command;
  const Crontab read = parse_crontab(line + "\n", format);
  const bool same = read.jobs.size() == 1 && read.jobs[0].schedule == job.schedule &&
                    (format == CrontabFormat::user || read.jobs[0].user == job.user) &&
                    read.jobs[0].command == job.command && read.jobs[0].input == job.input &&
                    read.jobs[0].quiet == job.quiet &&
                    read.jobs[0].mail_on_failure_only == job.mail_on_failure_only;
  return same ? std::optional(line) : std::nullopt;
}

class CrontabWriter {
 public:
  explicit CrontabWriter(CrontabFormat format) : format_(format) {}

  void write(const CrontabJob& job) {
    if (const auto obstacle = find_obstacle(job)) {
      refuse(job, *obstacle);
      return;
    }
    const auto line = write_line(job, format_);
    if (!line) {
      refuse(job, "no line of a crontab has this command and input");
      return;
    }
    set_environment(job);
    if (!job.comment.empty()) {
      add_line(as_comment(job.comment));
    }
    for (const std::string& name : strangers(job)) {
      note(Note::Kind::changed,
           fmt::format("{}, set for a job above, is set for this one too", name));
    }
    add_line(*line);
  }

  Written take() { return std::move(written_); }

 private:
  void add_line(const std::string& line) {
    written_.text += line + "\n";
    ++line_;
  }
  /// About the line that is written next.
  void note(Note::Kind kind, std::string what) {
    written_.notes.push_back({line_, kind, std::move(what)});
  }

  void refuse(const CrontabJob& job, const std::string& why) {
    note(Note::Kind::refused, why);
    add_line(as_comment(fmt::format("left out: {} {}: {}", job.schedule, job.command, why)));
    add_line("");  // so that it is not taken for the comment of the next job
  }

  void set(const Variable& variable) {
    const std::string* now = find_variable(environment_, variable.name);
    if (now == nullptr || *now != variable.value) {
      set_variable(environment_, variable);
      add_line(write_assignment(variable).value());
    }
  }

  void set_environment(const CrontabJob& job) {
    for (const char* name : {"CRON_TZ", "RANDOM_DELAY"}) {
      if (find_variable(environment_, name) != nullptr &&
          find_variable(job.environment, name) == nullptr) {
        set({name, std::string(name) == "CRON_TZ" ? "" : "0"});
      }
    }
    for (const Variable& variable : job.environment) {
      if (variable.name != "LOGNAME" && variable.name != "USER") {
        set(variable);
      }
    }
  }

  /// Names of variables that reach the job though it has none of that name.
  std::vector<std::string> strangers(const CrontabJob& job) const {
    std::vector<std::string> names;
    for (const Variable& variable : environment_) {
      if (variable.name != "CRON_TZ" && variable.name != "RANDOM_DELAY" &&
          find_variable(job.environment, variable.name) == nullptr) {
        names.push_back(variable.name);
      }
    }
    return names;
  }

  CrontabFormat format_;
  Written written_;
  int line_ = 1;
  std::vector<Variable> environment_;
};

}  // namespace

Written to_crontab(const std::vector<CrontabJob>& jobs, CrontabFormat format) {
  CrontabWriter writer(format);
  for (const CrontabJob& job : jobs) {
    writer.write(job);
  }
  return writer.take();
}

}  // namespace sched::exchange
