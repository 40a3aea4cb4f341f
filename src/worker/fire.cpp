#include "worker/fire.hpp"

#include "rules/dag.hpp"
#include "rules/readiness.hpp"
#include "worker/advance.hpp"
#include "worker/deadline.hpp"
#include "worker/line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>

namespace sched::worker {
namespace {

/// The tasks directly below one whose runs this firing may write or fill: those without a trigger
/// of their own, and those with a run that waits for such a firing.
std::vector<model::TaskId> flow_below(store::Store& store, model::TaskId task) {
  std::vector<model::TaskId> found;
  for (const model::Dependency& edge : store.tasks().downstream_of(task)) {
    if (store.tasks().task(edge.task).trigger == model::TriggerKind::upstream ||
        store.bindings().oldest_collecting(edge.task, {edge.id})) {
      found.push_back(edge.task);
    }
  }
  return found;
}

model::Run new_run(const model::Task& task, const Firing& firing, time::Instant now) {
  model::Run run;
  run.task = task.id;
  run.trigger = firing.trigger;
  run.nominal_at = firing.nominal_at;
  run.not_before = firing.not_before;
  run.in_turn = firing.in_turn;
  run.priority = task.priority;
  run.created_at = now;
  run.deadlines = model::deadlines_of(task.deadlines, firing.nominal_at);
  return run;
}

/// Has runs that come after nothing say where they belong, at once: so each costs one row, and no
/// second look. Those in `tasks` are of the runs of the same place.
std::vector<store::PlacedRun> placed(store::Store& store,
                                     const std::vector<const model::Task*>& tasks,
                                     std::vector<model::Run> runs, time::Instant now) {
  std::vector<store::PlacedRun> all;
  std::vector<store::Comer> comers;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const model::Task& task = *tasks[i];
    model::Run& run = runs[i];
    const auto due = rules::due_at(rules::JoinVerdict::holds, task.paused, run.not_before);
    if (!due || *due > now) {
      run.due_at = due;
    } else {
      run.state = model::RunState::queued;
      comers.push_back({{},
                        task.id,
                        task.queue,
                        model::write_needs(task.needs),
                        run.priority,
                        run.not_before,
                        run.deadlines.first()});
    }
    all.push_back({std::move(run), {model::k_default_lane, 0}});
  }
  const auto places = places_of(store, comers);
  std::size_t next = 0;
  for (store::PlacedRun& one : all) {
    if (one.run.state == model::RunState::queued) {
      one.place = places[next++];
    }
  }
  return all;
}

/// Whether a run of it may be written where it belongs.
bool is_free(const model::Task& task, bool has_edges, bool in_turn) {
  return !has_edges && !in_turn && rules::judge(task.join, {}) == rules::JoinVerdict::holds;
}

/// Writes a new run, and has its deadlines looked at.
std::optional<model::RunId> write_run(store::Store& store, const model::Task& task,
                                      const model::Run& run, bool free, time::Instant now) {
  std::optional<model::RunId> id;
  if (free) {
    const auto one = placed(store, {&task}, {run}, now);
    id = store.runs().add(one.front().run, one.front().place);
  } else {
    id = store.runs().add(run);
  }
  if (id && !task.deadlines.empty()) {
    watch_deadlines(store, *id, now);
  }
  return id;
}

/// The run of a one-time task. Alone, not as a flow: what comes after one-time tasks has its one
/// run from its own `add`.
model::Run first_run(const model::Task& task, time::Instant now) {
  const time::Instant moment = task.at.value_or(now);
  return new_run(task, {"once", moment, moment}, now);
}

/// The new runs of one firing.
using FlowRuns = std::map<model::TaskId, model::RunId>;

/// The newest run of a task, or the one that runs in its place.
std::optional<model::RunId> newest_of(store::Store& store, model::TaskId task) {
  const auto newest = store.runs().newest_of(task);
  if (!newest) {
    return std::nullopt;
  }
  const bool may_be_replaced = newest->outcome && model::is_failure(*newest->outcome);
  return may_be_replaced ? store.handlers().in_place_of(newest->id) : newest->id;
}

/// Binds edges that mean no run yet to the newest run above, if there is one.
void bind_any_newest(store::Store& store, model::RunId run) {
  for (const store::BoundEdge& edge : store.bindings().edges_of(run)) {
    const auto newest =
        edge.upstream_run ? std::nullopt : newest_of(store, edge.dependency.upstream);
    if (newest) {
      store.bindings().bind(run, edge.dependency.id, *newest);
    }
  }
}

/// The run of `task` that looks at the new runs above it: the oldest that still collects all of
/// them, else a new one, which joins the flow. Empty when there is nothing new above it: what
/// collects further up has its run of `task` already.
std::optional<model::RunId> join_flow(store::Store& store, const model::Task& task, FlowRuns& flow,
                                      const model::Run& root, bool from_the_middle) {
  std::vector<model::Dependency> edges = store.tasks().upstream_of(task.id);
  std::erase_if(edges,
                [&](const model::Dependency& edge) { return !flow.contains(edge.upstream); });
  if (edges.empty()) {
    return std::nullopt;
  }
  std::vector<std::int64_t> ids;
  for (const model::Dependency& edge : edges) {
    ids.push_back(edge.id);
  }
  auto run = store.bindings().oldest_collecting(task.id, ids);
  const bool is_new = !run && task.trigger == model::TriggerKind::upstream;
  if (is_new) {
    model::Run fresh =
        new_run(task, {fmt::format("flow:{}", root.id.value), root.nominal_at, root.created_at},
                root.created_at);
    fresh.flow = root.id;
    run = write_run(store, task, fresh, false, root.created_at);
  }
  if (!run) {
    return std::nullopt;
  }
  for (const model::Dependency& edge : edges) {
    store.bindings().bind(*run, edge.id, flow.at(edge.upstream));
  }
  if (is_new) {
    flow.emplace(task.id, *run);
    if (from_the_middle) {
      // The other branches do not fire with it: their next runs belong to the next flow.
      bind_any_newest(store, *run);
    } else {
      bind_newest(store, *run);
    }
  }
  return run;
}

/// The run that an edge to a task that fires once means. An edge to one that fires again and again
/// means a firing to come.
std::optional<model::RunId> known_run(store::Store& store, const model::Dependency& edge) {
  const auto newest = newest_of(store, edge.upstream);
  return newest && !store.tasks().task(edge.upstream).repeats ? newest : std::nullopt;
}

}  // namespace

std::optional<model::RunId> fire(store::Store& store, const model::Task& task, const Firing& firing,
                                 time::Instant now) {
  model::Run root = new_run(task, firing, now);
  const auto edges = store.tasks().upstream_of(task.id);
  const bool free = is_free(task, !edges.empty(), firing.in_turn);
  const auto id = write_run(store, task, root, free, now);
  if (!id) {
    return std::nullopt;
  }
  root.id = *id;
  for (const model::Dependency& edge : edges) {
    if (const auto newest = newest_of(store, edge.upstream)) {
      store.bindings().bind(*id, edge.id, *newest);
    }
  }
  const auto order =
      rules::in_order(task.id, [&](model::TaskId here) { return flow_below(store, here); });
  FlowRuns flow = {{task.id, *id}};
  const bool from_the_middle = task.trigger == model::TriggerKind::upstream;
  std::vector<model::RunId> touched;
  if (!free) {
    touched.push_back(*id);
  }
  for (const model::TaskId below : order) {
    if (below != task.id) {
      if (const auto run =
              join_flow(store, store.tasks().task(below), flow, root, from_the_middle)) {
        touched.push_back(*run);
      }
    }
  }
  if (flow.size() > 1) {
    store.runs().set_flow(*id, *id);
  }
  // Only now, with all edges bound, can each be placed; in this order what is skipped at once is
  // seen by those below it, and so their edges are counted before.
  for (const model::RunId run : touched) {
    recount_edges(store, run);
  }
  for (const model::RunId run : touched) {
    refresh(store, run, now);
  }
  return id;
}

std::optional<model::RunId> fire_at_add(store::Store& store, const model::Task& task,
                                        time::Instant now) {
  const auto edges = store.tasks().upstream_of(task.id);
  const bool has_known_run = std::any_of(
      edges.begin(), edges.end(),
      [&](const model::Dependency& edge) { return known_run(store, edge).has_value(); });
  const bool fires = task.trigger == model::TriggerKind::once ||
                     (task.trigger == model::TriggerKind::upstream && has_known_run);
  if (!fires) {
    return std::nullopt;
  }
  const model::Run fresh = first_run(task, now);
  const bool free = is_free(task, !edges.empty(), fresh.in_turn);
  const auto run = write_run(store, task, fresh, free, now);
  if (run && !free) {
    bind_newest(store, *run);
    refresh(store, *run, now);
  }
  return run;
}

std::vector<model::RunId> fire_all_at_add(store::Store& store,
                                          const std::vector<const model::Task*>& tasks,
                                          time::Instant now) {
  std::vector<model::Run> runs;
  runs.reserve(tasks.size());
  for (const model::Task* task : tasks) {
    runs.push_back(first_run(*task, now));
  }
  auto ids = store.runs().add_first(placed(store, tasks, std::move(runs), now));
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (!tasks[i]->deadlines.empty()) {
      watch_deadlines(store, ids[i], now);
    }
  }
  return ids;
}

bool fires_alone(const model::Task& task) {
  return task.trigger == model::TriggerKind::once && is_free(task, false, false);
}

void bind_newest(store::Store& store, model::RunId run) {
  for (const store::BoundEdge& edge : store.bindings().edges_of(run)) {
    if (edge.upstream_run) {
      continue;
    }
    if (const auto upstream = known_run(store, edge.dependency)) {
      store.bindings().bind(run, edge.dependency.id, *upstream);
    }
  }
}

}  // namespace sched::worker
