#include "cli/import_at.hpp"

#include "base/text.hpp"
#include "cli/text_file.hpp"
#include "exchange/at_spool.hpp"
#include "os/facts.hpp"
#include "time/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sched::cli {
namespace {

using Note = exchange::Note;

TaskDraft draft_of(const exchange::AtJob& job, const ImportOwner& owner) {
  TaskDraft draft;
  model::Task& task = draft.task;
  task.command = {{"/bin/sh"}, false};
  task.stdin_text = job.script;
  task.surroundings.umask = job.umask.value_or(022);
  task.surroundings.directory = job.directory.empty() ? owner.account.home : job.directory;
  task.surroundings.environment = {{"HOME", owner.account.home},
                                   {"LOGNAME", owner.account.name},
                                   {"USER", owner.account.name},
                                   {"SHELL", "/bin/sh"},
                                   {"PATH", "/usr/bin:/bin"}};
  for (const exchange::Variable& variable : job.environment) {
    task.surroundings.environment[variable.name] = variable.value;
  }
  draft.at_given = true;
  task.at = job.name.at;
  draft.tags = {"at"};
  return draft;
}

std::string refusal_of(const exchange::AtJob& job) {
  if (job.uid && static_cast<uid_t>(*job.uid) != os::own_uid()) {
    return fmt::format(
        "it is a job of user {}, and tasks run as their owner; import it as that "
        "user (--keep-going leaves it out)",
        *job.uid);
  }
  return job.name.is_running ? "atd has begun it already" : "";
}

/// The first line that does something.
std::string gist_of(const std::string& script) {
  for (const std::string& line : base::split(script, '\n')) {
    const auto text = base::trim(line);
    if (!text.empty() && text.front() != '#') {
      return std::string(text);
    }
  }
  return "";
}

void plan_job(ImportPlan& plan, const ImportOwner& owner, const std::filesystem::path& file) {
  const std::string name = file.filename().string();
  FoundJob found;
  if (!os::is_readable(file)) {
    add_file(plan, file.string(), {},
             {{0, Note::Kind::refused, "it can't be read; at(1)'s spool is open to root alone"}});
    return;
  }
  const auto job = exchange::parse_at_job(name, read_text_file(file.string()));
  if (!job) {
    add_file(plan, file.string(), {}, {{0, Note::Kind::refused, job.error().message()}});
    return;
  }
  found.draft = draft_of(*job, owner);
  found.draft.task.key = "at:" + name.substr(1);
  found.wanted_name = fmt::format("at-{}", job->name.number);
  found.schedule = time::to_rfc3339(job->name.at);
  found.command = gist_of(job->script);
  found.refusal = refusal_of(*job);
  std::vector<Note> notes = job->notes;
  for (Note& note : notes) {
    if (note.what.starts_with("-m: ")) {
      note.what = "-m: no mail is sent";
    }
  }
  add_file(plan, file.string(), {std::move(found)}, notes);
}

}  // namespace

void plan_at_jobs(ImportPlan& plan, const ImportOwner& owner, const std::filesystem::path& spool) {
  plan.tag = "at";
  std::error_code failure;
  std::vector<std::filesystem::path> files;
  for (auto entry = std::filesystem::directory_iterator(spool, failure);
       !failure && entry != std::filesystem::directory_iterator(); entry.increment(failure)) {
    // The spool has other files too: its counter, its lock.
    if (exchange::parse_at_name(entry->path().filename().string())) {
      files.push_back(entry->path());
    }
  }
  if (failure) {
    throw base::Error(base::ErrorKind::not_found,
                      fmt::format("{}: {}", base::quote(spool.string()), failure.message()),
                      "at's spool is open to root alone; --spool names another directory");
  }
  std::sort(files.begin(), files.end());
  for (const std::filesystem::path& file : files) {
    plan_job(plan, owner, file);
  }
}

}  // namespace sched::cli
