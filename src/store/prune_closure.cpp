#include "store/prune_closure.hpp"

#include <algorithm>

namespace sched::store {
namespace {

std::vector<std::int64_t> numbers(ShortReads& reads, const char* sql, std::int64_t id) {
  std::vector<std::int64_t> found;
  Query query(reads.db(), sql);
  query.bind(":id", id);
  while (query.step()) {
    found.push_back(query.integer(0));
  }
  return found;
}

std::vector<std::int64_t> dependent_runs(ShortReads& reads, std::int64_t run) {
  return numbers(reads, "SELECT run_id FROM bindings WHERE upstream_run_id = :id", run);
}
std::vector<std::int64_t> dependent_tasks(ShortReads& reads, std::int64_t task) {
  return numbers(reads,
                 "SELECT task_id FROM dependencies WHERE upstream_id = :id UNION"
                 " SELECT task_id FROM handlers WHERE handler_id = :id",
                 task);
}

}  // namespace

std::vector<std::int64_t> upstream_runs(ShortReads& reads, std::int64_t run) {
  return numbers(reads, "SELECT upstream_run_id FROM bindings WHERE run_id = :id", run);
}

std::vector<std::int64_t> upstream_tasks(ShortReads& reads, std::int64_t task) {
  return numbers(reads,
                 "SELECT upstream_id FROM dependencies WHERE task_id = :id UNION"
                 " SELECT handler_id FROM handlers WHERE task_id = :id",
                 task);
}

PruneClosure::PruneClosure(ShortReads& reads, std::vector<PruneCandidate>& all) : reads_(reads) {
  for (PruneCandidate& candidate : all) {
    if (candidate.goes) {
      runs_.emplace(candidate.run.id.value, &candidate);
      of_task_[candidate.run.task.value].push_back(&candidate);
    }
  }
  for (const auto& [task, runs] : of_task_) {
    if (!runs.front()->repeats &&
        static_cast<std::int64_t>(runs.size()) == runs.front()->runs_of_task) {
      tasks_.emplace(task, true);
    }
  }
}

void PruneClosure::settle() {
  for (const auto& [task, runs] : of_task_) {
    look_at_task(task);
    for (const PruneCandidate* run : runs) {
      look_at_run(run->run.id.value);
    }
  }
  while (!open_.empty()) {
    const auto [is_task, id] = open_.front();
    open_.pop_front();
    is_task ? look_at_task(id) : look_at_run(id);
  }
  reads_.rest();
}

bool PruneClosure::task_goes(std::int64_t task) const {
  const auto found = tasks_.find(task);
  return found != tasks_.end() && found->second;
}

bool PruneClosure::run_goes(std::int64_t run) const {
  const auto found = runs_.find(run);
  return found != runs_.end() && found->second->goes;
}

void PruneClosure::look_at_task(std::int64_t task) {
  if (!task_goes(task)) {
    return;
  }
  const auto& runs = of_task_.at(task);
  bool stays = std::any_of(runs.begin(), runs.end(), [](const auto* run) { return !run->goes; });
  for (const std::int64_t dependent : dependent_tasks(reads_, task)) {
    stays = stays || !task_goes(dependent);
  }
  if (stays) {
    tasks_[task] = false;
    for (const PruneCandidate* run : runs) {
      open_.emplace_back(false, run->run.id.value);
    }
    for (const std::int64_t upstream : upstream_tasks(reads_, task)) {
      open_.emplace_back(true, upstream);
    }
  }
}

void PruneClosure::look_at_run(std::int64_t id) {
  if (!run_goes(id)) {
    return;
  }
  PruneCandidate& run = *runs_.at(id);
  bool stays = run.newest && !task_goes(run.run.task.value);
  for (const std::int64_t dependent : dependent_runs(reads_, id)) {
    stays = stays || !run_goes(dependent);
  }
  if (stays) {
    run.goes = false;
    open_.emplace_back(true, run.run.task.value);
    for (const std::int64_t upstream : upstream_runs(reads_, id)) {
      open_.emplace_back(false, upstream);
    }
  }
}

}  // namespace sched::store
