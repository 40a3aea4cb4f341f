#include "cli/import_links.hpp"

#include "cli/queues.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::cli {
namespace {

/// The task that this service became or becomes; "" when there is none.
std::string task_of_unit(const ImportPlan& plan, store::Store* store, const std::string& unit) {
  const std::string key = "systemd:" + unit;
  const ImportJob* found = nullptr;
  for (const ImportJob& job : plan.jobs) {
    // Where a timer has it too, the service alone is meant.
    if (!job.refused && job.unit == unit && (found == nullptr || job.draft.task.key == key)) {
      found = &job;
    }
  }
  if (found != nullptr) {
    return plan.lines[found->line].task;
  }
  const std::string stem = key.substr(0, key.rfind('.'));
  for (const std::string& candidate : {key, stem + ".timer"}) {
    const auto task = store == nullptr ? std::nullopt : store->tasks().find_by_key(candidate);
    if (task) {
      return store->tasks().label(*task);
    }
  }
  return "";
}

void add_links(ImportPlan& plan, store::Store* store, ImportJob& job) {
  for (const ImportLink& link : job.links) {
    ImportLine& line = plan.lines[link.line];
    const std::string task = task_of_unit(plan, store, link.unit);
    auto& names = job.draft.handlers[link.kind];
    if (task.empty()) {
      line.result = "ignored";
      line.what += ": it is no task; name it too, or import it first";
    } else if (task == plan.lines[job.line].task) {
      line.result = "ignored";
      line.what += ": a task can't handle its own end";
    } else if (std::find(names.begin(), names.end(), task) == names.end()) {
      names.push_back(task);
    }
  }
  std::erase_if(job.draft.handlers, [](const auto& kind) { return kind.second.empty(); });
}

/// What the task has now, in the form in which it is given.
std::map<model::HandlerKind, std::vector<std::string>> handlers_of(store::Store& store,
                                                                   model::TaskId task) {
  std::map<model::HandlerKind, std::vector<std::string>> handlers;
  for (const model::Handler& handler : store.handlers().of(task)) {
    handlers[handler.kind].push_back(store.tasks().label(handler.handler));
  }
  return handlers;
}

bool is_same_set(std::vector<std::string> a, std::vector<std::string> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

/// A task that is written anew would lose what is not said anew.
void keep_edges(ImportPlan& plan, store::Store& store, ImportJob& job) {
  for (auto& [kind, names] : handlers_of(store, *job.stored)) {
    if (!job.draft.handlers.contains(kind)) {
      job.draft.handlers[kind] = names;
    }
  }
  const auto before = handlers_of(store, *job.stored);
  for (const auto& [kind, names] : job.draft.handlers) {
    const auto old = before.find(kind);
    if (old == before.end() || !is_same_set(old->second, names)) {
      plan.lines[job.line].result = "updated";
    }
  }
  // Nor is it a new task of its queue.
  job.draft.queue = store.queues().queue(store.tasks().task(*job.stored).queue).name;
  job.draft.given.insert(default_fields().begin(), default_fields().end());
  job.draft.after.emplace();
  for (const model::Dependency& edge : store.tasks().upstream_of(*job.stored)) {
    job.draft.after->push_back(
        fmt::format("{}:{}", store.tasks().label(edge.upstream), to_string(edge.condition)));
  }
}

}  // namespace

void link_jobs(ImportPlan& plan, store::Store* store) {
  for (ImportJob& job : plan.jobs) {
    if (!job.refused) {
      add_links(plan, store, job);
      if (job.stored) {
        keep_edges(plan, *store, job);
      }
    }
  }
}

}  // namespace sched::cli
