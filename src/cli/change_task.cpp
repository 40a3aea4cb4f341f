#include "cli/change_task.hpp"

#include "base/text.hpp"
#include "cli/handlers.hpp"
#include "cli/keep.hpp"
#include "cli/queues.hpp"
#include "cli/resources.hpp"
#include "cli/schedule_fields.hpp"
#include "cli/trigger.hpp"
#include "rules/check_task.hpp"
#include "rules/dag.hpp"
#include "security/names.hpp"
#include "worker/deadline.hpp"
#include "worker/fire.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

namespace sched::cli {
namespace {

void rename(store::Store& store, model::Task& task, const std::string& name) {
  if (const auto complaint = security::check_task_name(name)) {
    throw *complaint;
  }
  const auto taken = store.tasks().find_by_name(name);
  if (taken && *taken != task.id) {
    throw base::Error(base::ErrorKind::invalid_input,
                      fmt::format("there is a task {} already", base::quote(name)),
                      "choose another name");
  }
  task.name = name;
}

void check_key(store::Store& store, const model::Task& task) {
  const auto taken = task.key.empty() ? std::nullopt : store.tasks().find_by_key(task.key);
  if (taken && *taken != task.id) {
    throw base::Error(base::ErrorKind::invalid_input,
                      fmt::format("the key {} is {}'s already", base::quote(task.key),
                                  store.tasks().label(*taken)),
                      "choose another key");
  }
}

/// --env merges into what was captured at `add`.
void change_environment(const DraftContext& context, TaskDraft& draft) {
  auto& environment = draft.task.surroundings.environment;
  if (draft.capture.all || !draft.capture.names.empty()) {
    for (const auto& [name, value] :
         security::captured(*context.environment, draft.capture).value()) {
      const bool named = std::find(draft.capture.names.begin(), draft.capture.names.end(), name) !=
                         draft.capture.names.end();
      if (named || draft.capture.all) {
        environment[name] = value;
      }
    }
  }
  for (const auto& [name, value] : draft.set_environment) {
    environment[name] = value;
  }
}

/// Whether tasks fire more than once follows from what is above them.
void pass_on_repeats(store::Store& store, model::TaskId root) {
  const auto order = rules::in_order(root, [&](model::TaskId here) {
    std::vector<model::TaskId> found;
    for (const model::Dependency& edge : store.tasks().downstream_of(here)) {
      found.push_back(edge.task);
    }
    return found;
  });
  for (const model::TaskId id : order) {
    model::Task task = store.tasks().task(id);
    // A task with a moment of its own fires at that alone, whatever is above it.
    const bool is_upstream = task.trigger == model::TriggerKind::upstream;
    bool repeats = repeats_by_itself(task);
    for (const model::Dependency& edge : store.tasks().upstream_of(id)) {
      repeats = repeats || (is_upstream && store.tasks().task(edge.upstream).repeats);
    }
    if (task.repeats != repeats) {
      task.repeats = repeats;
      store.tasks().update(task);
    }
  }
}

/// A trigger that is given takes the place of the one that the task has; so do needs and locks.
void make_room(const std::string& field, TaskDraft& draft) {
  const bool is_timer = field == "cron" || field == "calendar" || field == "every";
  if (field == "at" || is_timer) {
    draft.manual = false;
  }
  if (field == "manual" || is_timer) {
    draft.at_given = draft.moments.contains("at");
  }
  if (field == "need") {
    draft.task.needs.amounts.clear();
  }
  if (field == "or-need") {
    draft.task.needs.others.clear();
  }
  if (field == "flock") {
    draft.task.needs.files.clear();
  }
  if (field == "need-free") {
    draft.task.needs.space.clear();
  }
  if (field == "max-fails") {
    draft.task.max_fails = {};
  }
  if (field == "deadline") {
    draft.task.deadlines = {};
  }
  if (field == "lock") {
    draft.task.needs.locks.clear();
  }
  if ((field == "at" || field == "manual") && !draft.timers_given) {
    draft.task.schedule.reset();
  }
}

/// Whether what is given says when it fires, not only what becomes of firings.
bool changes_moments(const TaskChange& change) {
  const std::set<std::string_view> policies = {"catch-up", "grace", "overlap", "jitter"};
  return std::any_of(change.fields.begin(), change.fields.end(), [&](const auto& given) {
    return !policies.contains(given.first) &&
           std::any_of(schedule_fields().begin(), schedule_fields().end(),
                       [&](const TaskField& field) { return field.name == given.first; });
  });
}

}  // namespace

std::vector<std::string> change_task(store::Store& store, const DraftContext& context,
                                     model::TaskId id, const TaskChange& change,
                                     std::vector<std::string>& warnings) {
  TaskDraft draft;
  draft.task = store.tasks().task(id);
  draft.manual = draft.task.trigger == model::TriggerKind::manual;
  draft.at_given = draft.task.trigger == model::TriggerKind::once;
  const model::Task before = draft.task;
  std::vector<std::string> changed;
  for (const auto& [name, values] : change.fields) {
    make_room(name, draft);
    read_field(*find_task_field(name), context, draft, values);
    changed.push_back(name);
  }
  if (change.command) {
    draft.task.command = {*change.command, false};
    changed.emplace_back("command");
  }
  if (change.name) {
    rename(store, draft.task, *change.name);
    changed.emplace_back("name");
  }
  check_key(store, draft.task);
  if (draft.queue) {
    draft.task.queue = open_queue(store, *draft.queue, before.queue).id;
  }
  if (draft.task.needs != before.needs) {
    settle_needs(store, draft.task.needs, context.now);
  }
  draft.task.tags = draft.tags.value_or(draft.task.tags);
  change_environment(context, draft);
  if (draft.after) {
    replace_edges(store, id, *draft.after);
  }
  set_handlers(store, id, draft);
  const std::size_t edges = store.tasks().upstream_of(id).size();
  if (draft.after && !draft.manual && edges > 0 && before.trigger == model::TriggerKind::upstream) {
    draft.at_given = false;
  }
  // A task that never fires was kept so on purpose, or is done: other fields may change.
  draft.force = draft.force || !changes_moments(change);
  settle_trigger(draft, edges > 0, context.now);
  const auto complaints = rules::check_task(draft.task, edges);
  if (!complaints.errors.empty()) {
    throw complaints.errors.front();
  }
  warnings.insert(warnings.end(), draft.warnings.begin(), draft.warnings.end());
  warnings.insert(warnings.end(), complaints.warnings.begin(), complaints.warnings.end());
  leave_moments(store, before, draft.task, context.now);
  store.tasks().update(draft.task);
  HandlerCycles(store).refuse(id);
  if (draft.task.schedule != before.schedule || draft.task.runs_left != before.runs_left) {
    go_on(store, before, draft.task, context.now);
  }
  if (before.trigger == model::TriggerKind::once &&
      draft.task.trigger == model::TriggerKind::timed) {
    end_single_run(store, draft.task, context.now);
  }
  pass_on_repeats(store, id);
  const bool moved = draft.task.at != before.at;
  if (moved && draft.task.at && store.runs().unfinished_of(id).empty()) {
    worker::fire_at_add(store, draft.task, context.now);  // Nothing else would run at that moment.
  }
  if (draft.task.deadlines != before.deadlines) {
    worker::let_deadlines_follow(store, draft.task, context.now);  // Their places hang on them.
  }
  let_runs_follow(store, draft.task, moved, context.now);
  return changed;
}

}  // namespace sched::cli
