#include "cli/handlers.hpp"

#include "base/text.hpp"
#include "cli/select.hpp"
#include "rules/dag.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::cli {
namespace {

std::string given_as(const TaskDraft& draft, model::HandlerKind kind, const std::string& name) {
  const auto queue = draft.handlers_by_queue.find(kind);
  return fmt::format("--{} {}{}", model::option_of(kind), base::quote(name),
                     queue == draft.handlers_by_queue.end()
                         ? ""
                         : fmt::format(", a default of the queue {}", queue->second));
}

/// What to do instead of having a task handle its own end.
std::string instead_of_itself(const TaskDraft& draft, model::HandlerKind kind) {
  if (const auto queue = draft.handlers_by_queue.find(kind);
      queue != draft.handlers_by_queue.end()) {
    return fmt::format("put it into another queue, or: sched queue edit {} --default {}=",
                       queue->second, model::option_of(kind));
  }
  return kind == model::HandlerKind::success
             ? "--every 1h --from finish runs a task again and again"
             : "--retries tries a run again";
}

model::TaskId find_handler(store::Store& store, const FindInList& in_list, const TaskDraft& draft,
                           model::HandlerKind kind, const std::string& name) {
  if (const auto found = in_list ? in_list(name) : std::nullopt) {
    return *found;
  }
  try {
    return select_task(store, name);
  } catch (const base::Error& error) {
    throw error.within(given_as(draft, kind, name));
  }
}

/// The tasks that run because one has: its handlers, and what comes after it without a moment of
/// its own.
std::vector<model::TaskId> runs_next(store::Store& store, model::TaskId task) {
  std::vector<model::TaskId> next;
  for (const model::Handler& handler : store.handlers().of(task)) {
    next.push_back(handler.handler);
  }
  for (const model::Dependency& edge : store.tasks().downstream_of(task)) {
    if (store.tasks().task(edge.task).trigger == model::TriggerKind::upstream) {
      next.push_back(edge.task);
    }
  }
  return next;
}

/// "backup --on-failure notify", or "report --after backup".
std::string named_step(store::Store& store, model::TaskId from, model::TaskId to) {
  for (const model::Handler& handler : store.handlers().of(from)) {
    if (handler.handler == to) {
      return fmt::format("{} --{} {}", store.tasks().label(from), model::option_of(handler.kind),
                         store.tasks().label(to));
    }
  }
  return fmt::format("{} --after {}", store.tasks().label(to), store.tasks().label(from));
}

}  // namespace

void set_handlers(store::Store& store, model::TaskId task, TaskDraft& draft,
                  const FindInList& in_list) {
  const std::vector<std::string>& tags = draft.task.tags;
  for (const auto& [tag, most] : draft.task.max_fails.of_tags) {
    if (std::find(tags.begin(), tags.end(), tag) == tags.end()) {
      draft.warnings.push_back(fmt::format(
          "--max-fails {}={}: it has not that tag, so its own failures do not count", tag, most));
    }
  }
  for (const auto& [kind, names] : draft.handlers) {
    std::vector<model::TaskId> handlers;
    for (const std::string& name : names) {
      const model::TaskId handler = find_handler(store, in_list, draft, kind, name);
      if (handler == task) {
        throw base::bad_input(given_as(draft, kind, name) + ": a task can't handle its own end",
                              instead_of_itself(draft, kind));
      }
      if (store.tasks().task(handler).trigger == model::TriggerKind::once) {
        draft.warnings.push_back(fmt::format(
            "{}: it also runs once by itself; added with --manual it would run for this alone",
            given_as(draft, kind, name)));
      }
      handlers.push_back(handler);
    }
    store.handlers().set(task, kind, handlers);
  }
}

void HandlerCycles::refuse(model::TaskId task) {
  if (!store_.handlers().any()) {
    return;
  }
  const auto cycle = rules::find_cycle(
      task, [this](model::TaskId here) { return runs_next(store_, here); }, safe_);
  if (cycle.empty()) {
    return;
  }
  std::vector<std::string> steps;
  for (std::size_t i = 0; i + 1 < cycle.size(); ++i) {
    steps.push_back(named_step(store_, cycle[i], cycle[i + 1]));
  }
  throw base::bad_input("handlers form a cycle: " + base::join(steps, ", "),
                        "each would run because of the other, for ever");
}

std::string handled_names(store::Store& store, model::TaskId handler) {
  std::vector<std::string> names;
  for (const model::Handler& handled : store.handlers().handled_by(handler)) {
    std::string name = store.tasks().label(handled.task);
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      names.push_back(std::move(name));
    }
  }
  return base::join(names, ", ");
}

}  // namespace sched::cli
