#pragma once

#include "model/dependency.hpp"
#include "model/task.hpp"
#include "store/store.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_dir.hpp"
#include "worker/fire.hpp"

#include <string>
#include <vector>

namespace sched::test {

/// A task with a name and a command, and nothing else; at the moment of ManualClock's start.
inline model::Task task_named(const std::string& name) {
  model::Task task;
  task.name = name;
  task.command.argv = {"true"};
  task.surroundings.directory = "/";
  task.at = ManualClock().now();
  task.created_at = ManualClock().now();
  return task;
}

/// A store in a directory of its own and a clock, with short ways to say what stands in it.
struct Scene {
  TempDir directory;
  ManualClock clock;
  store::Store store{store::Places{directory / "store"}};

  Scene() { store.db().execute("PRAGMA synchronous=OFF"); }  // no test pulls the plug

  time::Instant now() const { return clock.now(); }

  model::TaskId add(model::Task task, const std::vector<std::string>& after = {}) {
    store::Transaction change(store.db());
    task.id = store.tasks().add(task);
    bool repeats =
        task.trigger == model::TriggerKind::manual || task.trigger == model::TriggerKind::timed;
    for (const std::string& text : after) {
      const auto reference = model::parse_after(text).value();
      const auto upstream = store.tasks().find_by_name(reference.task).value();
      store.tasks().add_dependency({0, task.id, upstream, reference.condition});
      repeats = repeats || (task.trigger == model::TriggerKind::upstream &&
                            store.tasks().task(upstream).repeats);
    }
    task.repeats = repeats;
    store.tasks().update(task);
    change.commit();
    return task.id;
  }
  /// With its run, as `sched add` does it.
  model::TaskId once(const std::string& name, const std::vector<std::string>& after = {},
                     model::Join join = {}) {
    model::Task task = task_named(name);
    task.join = join;
    if (!after.empty()) {
      task.trigger = model::TriggerKind::upstream;
      task.at.reset();
    }
    return first_run(add(task, after));
  }
  model::TaskId first_run(model::TaskId id) {
    store::Transaction change(store.db());
    worker::fire_at_add(store, store.tasks().task(id), now());
    change.commit();
    return id;
  }
  model::TaskId manual(const std::string& name, const std::vector<std::string>& after = {}) {
    model::Task task = task_named(name);
    task.trigger = model::TriggerKind::manual;
    task.at.reset();
    return add(task, after);
  }
  model::TaskId below(const std::string& name, const std::vector<std::string>& after,
                      model::Join join = {}) {
    model::Task task = task_named(name);
    task.trigger = model::TriggerKind::upstream;
    task.at.reset();
    task.join = join;
    return add(task, after);
  }
  /// As `sched start`; a moment later each time.
  model::RunId start(const std::string& name) {
    clock.pass(std::chrono::milliseconds(1));
    store::Transaction change(store.db());
    const auto run = worker::fire(store, task(name), {"manual", now(), now()}, now());
    change.commit();
    return run.value();
  }

  model::Task task(const std::string& name) {
    return store.tasks().task(store.tasks().find_by_name(name).value());
  }
  /// All runs of a task, oldest first.
  std::vector<model::Run> runs(const std::string& name) {
    auto found = store.runs().of_task(task(name).id, 1000);
    return {found.rbegin(), found.rend()};
  }
  /// Its only run.
  model::Run run(const std::string& name) {
    const auto found = runs(name);
    if (found.size() != 1) {
      throw std::runtime_error(name + " has " + std::to_string(found.size()) + " runs");
    }
    return found.front();
  }
  /// It may start as soon as there is room, whether it stands in the queue already or not.
  bool is_ready(const model::Run& run) const {
    return run.state == model::RunState::queued || (run.due_at && *run.due_at <= now());
  }
  bool is_ready(const std::string& name) { return is_ready(run(name)); }
  /// How the newest run stands: "waiting", "ready" or "finished: skipped".
  std::string state(const std::string& name) {
    const auto newest = store.runs().newest_of(task(name).id);
    return newest ? state_of(*newest) : "no run";
  }
  std::string state_of(const model::Run& run) const {
    if (is_ready(run)) {
      return "ready";
    }
    std::string text = model::to_string(run.state);
    return run.outcome ? text + ": " + model::to_string(*run.outcome) : text;
  }
  /// The runs of upstreams that the edges of a run mean, in the order of --after; 0: none yet.
  std::vector<model::RunId> bound(model::RunId run) {
    std::vector<model::RunId> found;
    for (const store::BoundEdge& edge : store.bindings().edges_of(run)) {
      found.push_back(edge.upstream_run.value_or(model::RunId()));
    }
    return found;
  }
};

}  // namespace sched::test
