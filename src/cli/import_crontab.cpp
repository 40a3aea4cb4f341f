#include "cli/import_crontab.hpp"

#include "base/text.hpp"
#include "cli/text_file.hpp"
#include "exchange/cron_files.hpp"
#include "exchange/crontab.hpp"
#include "os/command_output.hpp"
#include "os/facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sched::cli {
namespace {

using Note = exchange::Note;

/// What cron gives to every command, under what the file sets.
model::Surroundings surroundings_of(const exchange::CrontabJob& job, const ImportOwner& owner) {
  model::Surroundings surroundings;
  surroundings.environment = {{"PATH", "/usr/bin:/bin"},
                              {"SHELL", "/bin/sh"},
                              {"HOME", owner.account.home},
                              {"LOGNAME", owner.account.name},
                              {"USER", owner.account.name}};
  for (const exchange::Variable& variable : job.environment) {
    if (exchange::is_portable_name(variable.name)) {
      surroundings.environment[variable.name] = variable.value;
    }
  }
  const std::string& home = surroundings.environment["HOME"];
  surroundings.directory = home.starts_with('/') ? home : owner.account.home;
  return surroundings;
}

model::Command command_of(const exchange::CrontabJob& job) {
  // An empty command is one that does nothing: its input alone stands in the line.
  const std::string text = base::trim(job.command).empty() ? ":" : job.command;
  const std::string shell = job.shell().value_or("/bin/sh");
  if (shell == "/bin/sh") {
    return {{text}, true};
  }
  return {{shell, "-c", text}, false};
}

TaskDraft draft_of(const exchange::CrontabJob& job, const ImportOwner& owner) {
  TaskDraft draft;
  model::Task& task = draft.task;
  task.command = command_of(job);
  task.surroundings = surroundings_of(job, owner);
  if (!job.input.empty()) {
    task.stdin_text = job.input;
  }
  model::Schedule& schedule = task.schedule.emplace();
  schedule.timers = {{model::Timer::Kind::cron, job.schedule}};
  schedule.zone = job.zone().value_or("");
  schedule.catch_up.kind = model::CatchUp::Kind::none;
  schedule.overlap = model::Overlap::allow;
  schedule.jitter = std::chrono::minutes(job.random_delay_minutes());
  draft.tags = {"crontab"};
  return draft;
}

std::string refusal_of(const exchange::CrontabJob& job, const ImportOwner& owner) {
  if (job.user.empty() || job.user == owner.account.name) {
    return "";
  }
  return fmt::format(
      "it is a job of {}, and tasks run as their owner; import it as that user (--keep-going "
      "leaves it out)",
      base::quote(job.user));
}

/// Notes in the words of what becomes of the tasks here.
std::vector<Note> notes_of(const exchange::Crontab& crontab) {
  std::vector<Note> notes;
  for (Note note : crontab.notes) {
    // The line of the job itself says what its first note says, and what became of it.
    const bool is_job =
        std::any_of(crontab.jobs.begin(), crontab.jobs.end(), [&](const exchange::CrontabJob& job) {
          return note.line == job.line && note.kind == Note::Kind::taken &&
                 note.what == fmt::format("{}: {}", job.schedule, base::quote(job.command));
        });
    if (is_job) {
      continue;
    }
    if (note.what.starts_with("-n: ")) {
      note.what = "-n: no mail is sent, not even about failures";
    }
    const auto setting = std::find_if(
        crontab.assignments.begin(), crontab.assignments.end(),
        [&](const exchange::CrontabAssignment& each) { return each.line == note.line; });
    if (setting != crontab.assignments.end() && note.kind == Note::Kind::taken) {
      if (setting->variable.name == "MAILTO" && !setting->variable.value.empty()) {
        note.kind = Note::Kind::changed;
        note.what = fmt::format(
            "MAILTO {} is kept as a variable of the commands; no mail is sent, 'sched logs' has "
            "what they write",
            base::quote(setting->variable.value));
      } else if (setting->variable.name == "RANDOM_DELAY") {
        note.kind = Note::Kind::changed;
        note.what += ", each task by an amount that stays the same";
      }
    }
    notes.push_back(std::move(note));
  }
  return notes;
}

/// Whose keys are too long for a store are told by the end of their name alone.
std::string source_of(const std::filesystem::path& path) {
  constexpr std::size_t k_longest = 200;
  std::string name = path.string();
  if (name.size() > k_longest) {
    name.erase(0, name.size() - k_longest);
  }
  return "crontab:" + name;
}

std::string complaint_about(const std::filesystem::path& file) {
  std::error_code failure;
  const auto facts = os::find_facts(std::filesystem::canonical(file, failure));
  if (!facts) {
    return "it can't be looked at";
  }
  return exchange::cron_d_complaint({facts->owner, facts->mode, facts->is_regular, facts->links})
      .value_or("");
}

void plan_system_crontab(ImportPlan& plan, const ImportOwner& owner,
                         const std::filesystem::path& file, std::string complaint) {
  if (complaint.empty()) {
    complaint = complaint_about(file);
  }
  if (!complaint.empty()) {
    add_file(plan, file.string(), {},
             {{0, Note::Kind::ignored, "cron does not read it: " + complaint}});
    return;
  }
  plan_crontab(plan, owner,
               {file.string(), source_of(file), read_text_file(file.string()),
                exchange::CrontabFormat::system});
}

}  // namespace

void plan_crontab(ImportPlan& plan, const ImportOwner& owner, const CrontabText& crontab) {
  const exchange::Crontab read = exchange::parse_crontab(crontab.text, crontab.format);
  std::vector<FoundJob> found;
  for (const exchange::CrontabJob& job : read.jobs) {
    FoundJob next;
    next.line = job.line;
    next.draft = draft_of(job, owner);
    next.draft.task.key = import_key(plan, found, crontab.source, job.command + '\n' + job.input);
    next.wanted_name = name_of_job(job.comment, job.command);
    next.schedule = job.schedule;
    next.command = job.command;
    next.refusal = refusal_of(job, owner);
    found.push_back(std::move(next));
  }
  plan.tag = "crontab";
  plan.sources.push_back(crontab.source + ":");
  add_file(plan, crontab.file, std::move(found), notes_of(read));
}

CrontabText read_users_crontab(const ImportOwner& owner, const std::filesystem::path& root) {
  const std::string& name = owner.account.name;
  const std::filesystem::path spool = root / "var/spool/cron/crontabs" / name;
  CrontabText crontab{"crontab of " + name, "crontab:user:" + name, ""};
  if (os::is_readable(spool)) {
    crontab.text = read_text_file(spool.string());
    return crontab;
  }
  // The spool is closed to its users; crontab(1) has the right to read it.
  if (const auto text = root == "/" ? os::output_of({"crontab", "-l"}) : std::nullopt) {
    crontab.text = *text;
    return crontab;
  }
  throw base::Error(base::ErrorKind::not_found,
                    fmt::format("--user: there is no crontab of {}", base::quote(name)),
                    fmt::format("neither {} nor 'crontab -l' shows one; name a file, or - for "
                                "standard input",
                                base::quote(spool.string())));
}

void plan_system_crontabs(ImportPlan& plan, const ImportOwner& owner,
                          const std::filesystem::path& root) {
  plan.tag = "crontab";
  std::error_code failure;
  const std::filesystem::path main = root / "etc/crontab";
  plan.sources.push_back(source_of(main) + ":");
  if (std::filesystem::exists(main, failure)) {
    plan_system_crontab(plan, owner, main, "");
  }
  const std::filesystem::path directory = root / "etc/cron.d";
  plan.sources.push_back(source_of(directory) + "/");  // So that files that are gone are noticed.
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory, failure)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const std::filesystem::path& file : files) {
    const std::string name = file.filename().string();
    plan_system_crontab(plan, owner, file, exchange::cron_d_name_complaint(name).value_or(""));
  }
}

}  // namespace sched::cli
