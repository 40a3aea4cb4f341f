#include "cli/import_keep.hpp"

#include "base/text.hpp"
#include "cli/import_links.hpp"
#include "cli/keep.hpp"
#include "cli/trigger.hpp"
#include "rules/check_task.hpp"
#include "security/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace sched::cli {
namespace {

void refuse(ImportPlan& plan, ImportJob& job, const base::Error& error) {
  job.refused = true;
  ImportLine& line = plan.lines[job.line];
  line.result = "refused";
  // What `add` could be given is no way out for a line of a file.
  const bool is_hint_of_use =
      !error.hint().empty() && error.hint().find("--force") == std::string::npos;
  line.what =
      is_hint_of_use ? fmt::format("{} ({})", error.message(), error.hint()) : error.message();
}

/// A name that no task has and no other job of this import gets.
std::string free_name(const std::string& wanted, store::Store* store,
                      const std::set<std::string>& given) {
  const std::string stem = legal_name(wanted);
  std::string name = stem;
  for (int number = 2;
       given.contains(name) || (store != nullptr && store->tasks().find_by_name(name)); ++number) {
    name = fmt::format("{}-{}", stem, number);
  }
  return name;
}

/// The stored task as the source has it now.
model::Task merged(const model::Task& old, const TaskDraft& draft) {
  const model::Task& fresh = draft.task;
  model::Task task = old;
  task.key = fresh.key;
  task.command = fresh.command;
  task.surroundings = fresh.surroundings;
  task.env_file = fresh.env_file;
  task.stdin_text = fresh.stdin_text;
  task.stdin_file = fresh.stdin_file;
  task.trigger = fresh.trigger;
  task.at = fresh.at;
  task.schedule = fresh.schedule;
  task.nice = fresh.nice;
  task.timeout = fresh.timeout;
  if (task.schedule && old.schedule && task.schedule->anchor) {
    // The moment of the first import goes on to count.
    task.schedule->anchor = old.schedule->anchor ? old.schedule->anchor : task.schedule->anchor;
    task.schedule->anchor_given = old.schedule->anchor_given;
  }
  for (const std::string& tag : draft.tags.value_or(std::vector<std::string>{})) {
    if (std::find(task.tags.begin(), task.tags.end(), tag) == task.tags.end()) {
      task.tags.push_back(tag);
    }
  }
  return task;
}

bool is_same(const model::Task& a, const model::Task& b) {
  return a.command == b.command && a.surroundings == b.surroundings && a.env_file == b.env_file &&
         a.stdin_text == b.stdin_text && a.stdin_file == b.stdin_file && a.trigger == b.trigger &&
         a.at == b.at && a.schedule == b.schedule && a.nice == b.nice && a.timeout == b.timeout &&
         a.tags.size() == b.tags.size() && a.key == b.key;
}

/// Whether a key was made from this source: behind a ':' come a fingerprint and a number, behind a
/// '/' whatever names the file in that directory.
bool is_from(const std::string& key, const std::string& source) {
  if (!key.starts_with(source)) {
    return false;
  }
  return source.ends_with('/') ||
         std::count(key.begin() + static_cast<std::ptrdiff_t>(source.size()), key.end(), ':') == 1;
}

/// Without the fingerprint and the number at its end.
std::string source_of(std::string key) {
  for (int i = 0; i < 2; ++i) {
    key.resize(std::min(key.size(), key.rfind(':')));
  }
  return key;
}

/// Tasks of these sources whose jobs are not there any more.
std::vector<model::Task> find_gone(const ImportPlan& plan, store::Store& store) {
  std::set<std::string> present;
  for (const ImportJob& job : plan.jobs) {
    present.insert(job.draft.task.key);
  }
  std::vector<model::Task> gone;
  store::ListFilter filter;
  filter.tags = {plan.tag};
  for (const store::TaskRow& row : store.listing().tasks(filter).rows) {
    model::Task task = store.tasks().task(row.id);
    const bool is_ours =
        std::any_of(plan.sources.begin(), plan.sources.end(),
                    [&](const std::string& source) { return is_from(task.key, source); });
    if (is_ours && !present.contains(task.key)) {
      gone.push_back(std::move(task));
    }
  }
  return gone;
}

bool is_at_same_times(const model::Task& gone, const ImportJob& job) {
  const model::Task& fresh = job.draft.task;
  return !job.refused && source_of(gone.key) == source_of(fresh.key) && gone.schedule &&
         fresh.schedule && gone.schedule->timers == fresh.schedule->timers &&
         gone.schedule->zone == fresh.schedule->zone;
}

/// The task whose command was changed in its file: of those that are gone the only one at the
/// times of this job, which is the only new job at these times.
std::optional<model::Task> find_predecessor(const ImportPlan& plan, const ImportJob& job,
                                            const std::vector<model::Task>& gone,
                                            store::Store& store) {
  const auto is_candidate = [&](const model::Task& task) {
    return !task.name.empty() && is_at_same_times(task, job);
  };
  const auto found = std::find_if(gone.begin(), gone.end(), is_candidate);
  if (found == gone.end() || std::count_if(gone.begin(), gone.end(), is_candidate) != 1) {
    return std::nullopt;
  }
  const auto rivals = std::count_if(plan.jobs.begin(), plan.jobs.end(), [&](const auto& other) {
    return is_at_same_times(*found, other) && !store.tasks().find_by_key(other.draft.task.key);
  });
  return rivals == 1 ? std::optional(*found) : std::nullopt;
}

/// Why a task can't be removed, or "".
std::string hindrance(store::Store& store, model::TaskId task) {
  if (!store.tasks().downstream_of(task).empty()) {
    return "other tasks come after it";
  }
  if (!store.handlers().handled_by(task).empty()) {
    return "it runs at the ends of other tasks";
  }
  for (const model::RunId run : store.runs().unfinished_of(task)) {
    if (store.runs().run(run).state == model::RunState::running) {
      return "it is running";
    }
  }
  return "";
}

}  // namespace

void check_import(ImportPlan& plan, time::Instant now) {
  for (ImportJob& job : plan.jobs) {
    if (job.refused) {
      continue;
    }
    try {
      if (const auto complaint = security::check_key(job.draft.task.key)) {
        throw *complaint;
      }
      settle_trigger(job.draft, false, now);
      const auto complaints = rules::check_task(job.draft.task, 0);
      if (!complaints.errors.empty()) {
        throw complaints.errors.front();
      }
      job.draft.warnings.clear();  // The notes of the report say it by line.
    } catch (const base::Error& error) {
      refuse(plan, job, error);
    }
  }
}

void match_import(ImportPlan& plan, store::Store* store) {
  std::set<std::string> given;
  const auto gone = store == nullptr ? std::vector<model::Task>{} : find_gone(plan, *store);
  for (ImportJob& job : plan.jobs) {
    if (job.refused) {
      continue;
    }
    ImportLine& line = plan.lines[job.line];
    std::optional<model::Task> old;
    if (store != nullptr) {
      const auto found = store->tasks().find_by_key(job.draft.task.key);
      old = found ? store->tasks().task(*found) : find_predecessor(plan, job, gone, *store);
    }
    if (old) {
      model::Task task = merged(*old, job.draft);
      job.stored = old->id;
      line.result = is_same(task, *old) ? "unchanged" : "updated";
      line.task = model::label(*old);
      job.draft.tags.reset();
      job.draft.task = std::move(task);
    } else {
      job.draft.task.name = free_name(job.wanted_name, store, given);
      line.task = job.draft.task.name;
    }
    given.insert(line.task);
  }
  link_jobs(plan, store);
}

void keep_import(ImportPlan& plan, store::Store& store, time::Instant now) {
  std::vector<TaskDraft> drafts;
  std::vector<ImportJob*> jobs;
  for (ImportJob& job : plan.jobs) {
    const std::string& result = plan.lines[job.line].result;
    if (result == "taken" || result == "updated") {
      drafts.push_back(job.draft);
      jobs.push_back(&job);
    }
  }
  std::vector<DraftError> errors;
  keep_tasks(store, drafts, IfExists::replace, now, errors);
  if (!errors.empty()) {
    const ImportLine& line = plan.lines[jobs[errors.front().index]->line];
    throw errors.front().error.within(fmt::format("{}:{}", line.file, line.line));
  }
}

std::vector<model::Run> prune_import(ImportPlan& plan, store::Store& store, bool prune) {
  std::vector<model::Run> runs;
  for (const model::Task& task : find_gone(plan, store)) {
    ImportLine line{"",
                    0,
                    "ignored",
                    "it is gone from its file; --prune removes the task",
                    model::label(task),
                    "",
                    model::to_string(task.command)};
    const std::string why_not = prune ? hindrance(store, task.id) : "";
    if (!why_not.empty()) {
      line.what = fmt::format("it is gone from its file, but {}: it stays", why_not);
    } else if (prune) {
      line.result = "removed";
      line.what = "it is gone from its file";
      for (model::Run& run : store.runs().of_task(task.id, -1)) {
        runs.push_back(std::move(run));
      }
      store.tasks().remove(task.id);
    }
    plan.lines.push_back(std::move(line));
  }
  return runs;
}

}  // namespace sched::cli
