#include "store/prune_plan.hpp"

#include <algorithm>
#include <deque>
#include <numeric>

namespace sched::store {
namespace {

struct Candidate {
  PrunedRun run;
  std::int64_t rank = 0;  ///< Among the finished runs of its task, the newest is 1.
  std::int64_t runs_of_task = 0;
  bool newest = false;  ///< Of all runs of its task.
  bool repeats = false;
  bool goes = false;
};

constexpr const char* k_finished =
    "SELECT r.id, r.task_id, coalesce(t.name, 'task-' || t.id), r.outcome, r.finished_at_ms,"
    " r.rank, r.all_runs, r.id = r.newest, t.repeats"
    " FROM (SELECT id, task_id, outcome, finished_at_ms,"
    "  row_number() OVER (PARTITION BY task_id, outcome IS NULL ORDER BY id DESC) AS rank,"
    "  count(*) OVER (PARTITION BY task_id) AS all_runs,"
    "  max(id) OVER (PARTITION BY task_id) AS newest FROM runs) AS r"
    " JOIN tasks AS t ON t.id = r.task_id WHERE r.outcome IS NOT NULL"
    " ORDER BY r.finished_at_ms, r.id";

std::vector<std::int64_t> numbers(Database& db, const char* sql, std::int64_t id) {
  std::vector<std::int64_t> found;
  Query query(db, sql);
  query.bind(":id", id);
  while (query.step()) {
    found.push_back(query.integer(0));
  }
  return found;
}

std::vector<std::int64_t> upstream_runs(Database& db, std::int64_t run) {
  return numbers(db, "SELECT upstream_run_id FROM bindings WHERE run_id = :id", run);
}
std::vector<std::int64_t> dependent_runs(Database& db, std::int64_t run) {
  return numbers(db, "SELECT run_id FROM bindings WHERE upstream_run_id = :id", run);
}
std::vector<std::int64_t> upstream_tasks(Database& db, std::int64_t task) {
  return numbers(db, "SELECT upstream_id FROM dependencies WHERE task_id = :id", task);
}
std::vector<std::int64_t> dependent_tasks(Database& db, std::int64_t task) {
  return numbers(db, "SELECT task_id FROM dependencies WHERE upstream_id = :id", task);
}

/// Which of the chosen runs can really go, and with which tasks. Whatever has to stay makes what it
/// rests on stay too, until nothing changes any more.
class Closure {
 public:
  Closure(Database& db, std::vector<Candidate>& all) : db_(db) {
    for (Candidate& candidate : all) {
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

  void settle() {
    for (const auto& [task, runs] : of_task_) {
      look_at_task(task);
      for (const Candidate* run : runs) {
        look_at_run(run->run.id.value);
      }
    }
    while (!open_.empty()) {
      const auto [is_task, id] = open_.front();
      open_.pop_front();
      is_task ? look_at_task(id) : look_at_run(id);
    }
  }

  bool task_goes(std::int64_t task) const {
    const auto found = tasks_.find(task);
    return found != tasks_.end() && found->second;
  }
  bool run_goes(std::int64_t run) const {
    const auto found = runs_.find(run);
    return found != runs_.end() && found->second->goes;
  }

 private:
  void look_at_task(std::int64_t task) {
    if (!task_goes(task)) {
      return;
    }
    const auto& runs = of_task_.at(task);
    bool stays = std::any_of(runs.begin(), runs.end(), [](const auto* run) { return !run->goes; });
    for (const std::int64_t dependent : dependent_tasks(db_, task)) {
      stays = stays || !task_goes(dependent);
    }
    if (stays) {
      tasks_[task] = false;
      for (const Candidate* run : runs) {
        open_.emplace_back(false, run->run.id.value);
      }
      for (const std::int64_t upstream : upstream_tasks(db_, task)) {
        open_.emplace_back(true, upstream);
      }
    }
  }

  void look_at_run(std::int64_t id) {
    if (!run_goes(id)) {
      return;
    }
    Candidate& run = *runs_.at(id);
    bool stays = run.newest && !task_goes(run.run.task.value);
    for (const std::int64_t dependent : dependent_runs(db_, id)) {
      stays = stays || !run_goes(dependent);
    }
    if (stays) {
      run.goes = false;
      open_.emplace_back(true, run.run.task.value);
      for (const std::int64_t upstream : upstream_runs(db_, id)) {
        open_.emplace_back(false, upstream);
      }
    }
  }

  Database& db_;
  std::unordered_map<std::int64_t, Candidate*> runs_;
  std::unordered_map<std::int64_t, std::vector<Candidate*>> of_task_;
  std::unordered_map<std::int64_t, bool> tasks_;
  std::deque<std::pair<bool, std::int64_t>> open_;  ///< A task or a run, to be looked at again.
};

/// `nodes`, each behind all of them that come after it, so that none is missed when it goes.
template <typename Above>
std::vector<std::int64_t> dependents_first(const std::vector<std::int64_t>& nodes, Above above) {
  std::unordered_map<std::int64_t, int> dependents;
  for (const std::int64_t node : nodes) {
    dependents.emplace(node, 0);
  }
  for (const std::int64_t node : nodes) {
    for (const std::int64_t upstream : above(node)) {
      if (const auto found = dependents.find(upstream); found != dependents.end()) {
        ++found->second;
      }
    }
  }
  std::vector<std::int64_t> order;
  for (const std::int64_t node : nodes) {
    if (dependents.at(node) == 0) {
      order.push_back(node);
    }
  }
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (const std::int64_t upstream : above(order[i])) {
      const auto found = dependents.find(upstream);
      if (found != dependents.end() && --found->second == 0) {
        order.push_back(upstream);
      }
    }
  }
  return order;
}

std::vector<Candidate> read_finished(Database& db, const LogSizes& logs) {
  std::vector<Candidate> all;
  Query query(db, k_finished);
  while (query.step()) {
    Candidate candidate;
    candidate.run.id = model::RunId(query.integer(0));
    candidate.run.task = model::TaskId(query.integer(1));
    candidate.run.label = query.text(2);
    candidate.run.outcome = model::parse_outcome(query.text(3)).value_or(model::Outcome::succeeded);
    candidate.run.finished_at = query.instant(4);
    candidate.rank = query.integer(5);
    candidate.runs_of_task = query.integer(6);
    candidate.newest = query.integer(7) != 0;
    candidate.repeats = query.integer(8) != 0;
    const auto log = logs.find(candidate.run.id.value);
    candidate.run.log_bytes = log == logs.end() ? 0 : log->second;
    all.push_back(std::move(candidate));
  }
  return all;
}

bool is_beyond(const Candidate& candidate, const PruneBounds& bounds) {
  return (bounds.finished_before && candidate.run.finished_at < *bounds.finished_before) ||
         (bounds.runs_of_a_task && candidate.rank > *bounds.runs_of_a_task);
}

/// Makes the oldest go too, until what stays is small enough or nothing more can go.
void fit(Database& db, std::vector<Candidate>& all, std::uint64_t most, const LogSizes& logs) {
  const auto pages = db.pragma("page_count") - db.pragma("freelist_count");
  const auto rows =
      static_cast<std::uint64_t>(std::max<std::int64_t>(pages, 0) * db.pragma("page_size"));
  Query count(db, "SELECT max(count(*), 1) FROM runs");
  count.step();
  // What a run's rows take on average, its task's among them.
  const std::uint64_t of_a_run = rows / static_cast<std::uint64_t>(count.integer(0));
  const std::uint64_t total =
      std::accumulate(logs.begin(), logs.end(), rows,
                      [](std::uint64_t sum, const auto& log) { return sum + log.second; });
  std::vector<bool> marked;
  for (const Candidate& candidate : all) {
    marked.push_back(candidate.goes);
  }
  for (std::size_t next = 0;;) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      all[i].goes = marked[i];
    }
    Closure(db, all).settle();
    std::uint64_t left = total;
    for (const Candidate& candidate : all) {
      left -= candidate.goes ? std::min(left, candidate.run.log_bytes + of_a_run) : 0;
    }
    if (left <= most || next == all.size()) {
      return;
    }
    for (std::uint64_t more = 0; next < all.size() && left - std::min(left, more) > most; ++next) {
      more += marked[next] ? 0 : all[next].run.log_bytes + of_a_run;
      marked[next] = true;
    }
  }
}

}  // namespace

std::vector<PruneUnit> plan_prune(Store& store, const PruneBounds& bounds, const LogSizes& logs) {
  Database& db = store.db();
  const Snapshot moment(db);
  std::vector<Candidate> all = read_finished(db, logs);
  for (Candidate& candidate : all) {
    candidate.goes = is_beyond(candidate, bounds);
  }
  if (bounds.all_bytes) {
    fit(db, all, *bounds.all_bytes, logs);
  }
  Closure closure(db, all);
  closure.settle();
  std::unordered_map<std::int64_t, PruneUnit> units_of_tasks;
  std::unordered_map<std::int64_t, PruneUnit> units_of_runs;
  std::vector<std::int64_t> tasks;
  std::vector<std::int64_t> runs;
  for (Candidate& candidate : all) {
    const std::int64_t task = candidate.run.task.value;
    if (!candidate.goes) {
      continue;
    }
    if (closure.task_goes(task)) {
      PruneUnit& unit = units_of_tasks[task];
      if (!unit.task) {
        unit.task = candidate.run.task;
        tasks.push_back(task);
      }
      candidate.run.with_task = true;
      unit.runs.push_back(std::move(candidate.run));
    } else {
      runs.push_back(candidate.run.id.value);
      units_of_runs[candidate.run.id.value].runs.push_back(std::move(candidate.run));
    }
  }
  std::vector<PruneUnit> plan;
  // Tasks first: none of a run's dependents that go with their task may be there still.
  for (const std::int64_t task :
       dependents_first(tasks, [&](std::int64_t id) { return upstream_tasks(db, id); })) {
    plan.push_back(std::move(units_of_tasks.at(task)));
  }
  for (const std::int64_t run :
       dependents_first(runs, [&](std::int64_t id) { return upstream_runs(db, id); })) {
    plan.push_back(std::move(units_of_runs.at(run)));
  }
  return plan;
}

}  // namespace sched::store
