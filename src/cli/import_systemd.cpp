#include "cli/import_systemd.hpp"

#include "base/text.hpp"
#include "cli/timer_schedule.hpp"
#include "cli/unit_files.hpp"
#include "exchange/systemd_service.hpp"
#include "exchange/systemd_timer.hpp"
#include "os/facts.hpp"
#include "os/host.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sched::cli {
namespace {

using Note = exchange::Note;
using TriggerKind = exchange::TimerTrigger::Kind;

/// A timer, its service, and where both were found.
struct Unit {
  std::string name;  ///< "backup.timer", or of a service alone "alert.service".
  bool is_timed = true;
  std::string file;
  exchange::SystemdTimer timer;
  std::string service_file;
  exchange::SystemdService service;
};

model::Surroundings surroundings_of(const Unit& unit, const ImportOwner& owner) {
  const exchange::SystemdService& service = unit.service;
  model::Surroundings surroundings;
  surroundings.environment = {
      {"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
      {"SHELL", "/bin/sh"},
      {"HOME", owner.account.home},
      {"LOGNAME", owner.account.name},
      {"USER", owner.account.name}};
  for (const exchange::Variable& variable : service.environment) {
    surroundings.environment[variable.name] = variable.value;
  }
  surroundings.directory = service.working_directory.value_or("/");
  if (surroundings.directory == "~") {
    surroundings.directory = owner.account.home;
  }
  surroundings.umask = service.umask.value_or(022);
  return surroundings;
}

/// What is said of this file, in place of what the reader of the unit said.
void say_of_file(Unit& unit, const std::string& path, Note::Kind kind, const char* what) {
  for (Note& note : unit.service.notes) {
    if (note.kind == Note::Kind::taken && note.what.starts_with(base::quote(path) + " is read")) {
      note.kind = kind;
      note.what = fmt::format("{} {}", base::quote(path), what);
    }
  }
}

void keep_environment_file(Unit& unit, model::Task& task) {
  std::error_code failure;
  for (const exchange::EnvironmentFile& file : unit.service.environment_files) {
    if (file.may_be_missing && !std::filesystem::exists(file.path, failure)) {
      say_of_file(unit, file.path, Note::Kind::changed, "is not there and is left out");
    } else if (task.env_file.empty()) {
      task.env_file = file.path;
    } else {
      say_of_file(unit, file.path, Note::Kind::refused,
                  "is a second file of variables, and a task has one");
    }
  }
}

TaskDraft draft_of(Unit& unit, const ImportOwner& owner) {
  TaskDraft draft;
  model::Task& task = draft.task;
  exchange::SystemdService& service = unit.service;
  if (const auto command = service.command()) {
    task.command = command->argv.empty() ? model::Command{{command->shell}, true}
                                         : model::Command{command->argv, false};
  }
  task.surroundings = surroundings_of(unit, owner);
  keep_environment_file(unit, task);
  task.stdin_text = service.input;
  task.nice = service.nice;
  task.machine.max_rss_bytes = service.memory_max;
  task.machine.cpu_quota = service.cpu_quota;
  task.machine.io_max = {service.io_read, service.io_write};
  if (service.timeout && *service.timeout < k_longest_span) {
    task.timeout = to_duration(*service.timeout);
  }
  if (unit.is_timed) {
    task.schedule = keep_schedule(unit.timer, owner.now);
  }
  draft.manual = !unit.is_timed;
  task.key = "systemd:" + unit.name;
  draft.tags = {"systemd"};
  return draft;
}

bool has_refusal(const std::vector<Note>& notes) {
  return std::any_of(notes.begin(), notes.end(),
                     [](const Note& note) { return note.kind == Note::Kind::refused; });
}

std::string refusal_of(const Unit& unit, const ImportOwner& owner) {
  const bool is_system = unit.file.find("/systemd/system/") != std::string::npos;
  const std::string user = unit.service.user.value_or(is_system ? "root" : owner.account.name);
  if (user != owner.account.name && user != fmt::format("{}", os::own_uid())) {
    return fmt::format("it runs as {}, and tasks run as their owner; import it as that user",
                       base::quote(user));
  }
  if (unit.name.find("@.") != std::string::npos) {
    return "it is a template; name one of its instances, as in backup@db.timer";
  }
  if (has_refusal(unit.timer.notes) || has_refusal(unit.service.notes)) {
    return "lines of it are refused";
  }
  return "";
}

std::string schedule_of(const exchange::SystemdTimer& timer) {
  std::vector<std::string> parts;
  for (const exchange::TimerTrigger& trigger : timer.triggers) {
    parts.push_back(trigger.kind == TriggerKind::calendar ? trigger.calendar
                                                          : time::to_human(trigger.span));
  }
  return base::join(parts, "; ");
}

exchange::Specifiers specifiers_for(const ImportOwner& owner) {
  return {{'h', owner.account.home},
          {'u', owner.account.name},
          {'U', fmt::format("{}", os::own_uid())},
          {'H', os::hostname()},
          {'s', "/bin/sh"}};
}

Unit read(const std::string& given, const ImportOwner& owner, const std::filesystem::path& root) {
  std::error_code failure;
  const std::filesystem::path path(given);
  auto directories = unit_directories(root);
  if (given.find('/') != std::string::npos || std::filesystem::exists(path, failure)) {
    directories.insert(directories.begin(),
                       std::filesystem::absolute(path).lexically_normal().parent_path());
  }
  Unit unit;
  unit.name = path.filename().string();
  unit.is_timed = !unit.name.ends_with(".service");
  if (unit.is_timed && !unit.name.ends_with(".timer")) {
    unit.name += ".timer";
  }
  const auto file = find_unit(directories, unit.name);
  if (file.empty()) {
    throw base::Error(
        base::ErrorKind::not_found,
        fmt::format("there is no {} {}", unit.is_timed ? "timer" : "service", base::quote(given)),
        "name its file, or a unit that systemd has");
  }
  const exchange::Specifiers known = specifiers_for(owner);
  unit.file = file.string();
  unit.timer.unit = unit.name;
  if (unit.is_timed) {
    unit.timer = exchange::read_timer(unit.name, read_unit(directories, unit.name, file), known);
  }
  const auto service = find_unit(directories, unit.timer.unit);
  unit.service_file = service.string();
  if (service.empty()) {
    unit.timer.notes.push_back({0, Note::Kind::refused,
                                fmt::format("its service {} is not there", unit.timer.unit),
                                unit.file});
  } else {
    unit.service = exchange::read_service(unit.timer.unit,
                                          read_unit(directories, unit.timer.unit, service), known);
  }
  return unit;
}

/// Its links, with their places in the report, which begins at `first` for this unit.
std::vector<ImportLink> links_of(const Unit& unit, const ImportPlan& plan, std::size_t first) {
  std::vector<ImportLink> links;
  for (const exchange::UnitLink& link : unit.service.links) {
    const auto found = std::find_if(plan.lines.begin() + static_cast<std::ptrdiff_t>(first),
                                    plan.lines.end(), [&](const ImportLine& line) {
                                      return line.line == link.line && line.what == to_string(link);
                                    });
    links.push_back({link.on_failure ? model::HandlerKind::failure : model::HandlerKind::success,
                     link.unit, static_cast<std::size_t>(found - plan.lines.begin())});
  }
  return links;
}

}  // namespace

void plan_unit(ImportPlan& plan, const ImportOwner& owner, const std::string& given,
               const std::filesystem::path& root) {
  Unit unit = read(given, owner, root);
  FoundJob job;
  job.line = unit.timer.triggers.empty() ? 0 : unit.timer.triggers.front().line;
  job.draft = draft_of(unit, owner);
  job.wanted_name = unit.name.substr(0, unit.name.rfind('.'));
  job.schedule = unit.is_timed ? schedule_of(unit.timer) : "when it is started";
  job.command = model::to_string(job.draft.task.command);
  job.refusal = refusal_of(unit, owner);
  plan.tag = "systemd";
  const std::size_t first = plan.lines.size();
  add_file(plan, unit.file, {std::move(job)}, unit.timer.notes);
  const std::size_t place = plan.jobs.size() - 1;
  add_file(plan, unit.service_file, {}, unit.service.notes);
  plan.jobs[place].unit = unit.timer.unit;
  plan.jobs[place].links = links_of(unit, plan, first);
}

}  // namespace sched::cli
