#include "store/prune_plan.hpp"

#include "store/dead_letters.hpp"
#include "store/prune_closure.hpp"

#include <algorithm>
#include <numeric>

namespace sched::store {
namespace {

constexpr const char* k_finished =
    "SELECT r.id, r.task_id, coalesce(t.name, 'task-' || t.id), r.outcome, r.finished_at_ms,"
    " r.rank, r.all_runs, r.id = r.newest, t.repeats,"
    " " SCHED_IS_DEAD("r.")
    " FROM (SELECT id, task_id, outcome, finished_at_ms, resolved_at_ms,"
    "  row_number() OVER (PARTITION BY task_id, outcome IS NULL ORDER BY id DESC) AS rank,"
    "  count(*) OVER (PARTITION BY task_id) AS all_runs,"
    "  max(id) OVER (PARTITION BY task_id) AS newest FROM runs) AS r"
    " JOIN tasks AS t ON t.id = r.task_id WHERE r.outcome IS NOT NULL"
    " ORDER BY r.finished_at_ms, r.id";

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

std::vector<PruneCandidate> read_finished(Database& db, const LogSizes& logs) {
  std::vector<PruneCandidate> all;
  Query query(db, k_finished);
  while (query.step()) {
    PruneCandidate candidate;
    candidate.run.id = model::RunId(query.integer(0));
    candidate.run.task = model::TaskId(query.integer(1));
    candidate.run.label = query.text(2);
    candidate.run.outcome = model::parse_outcome(query.text(3)).value_or(model::Outcome::succeeded);
    candidate.run.finished_at = query.instant(4);
    candidate.rank = query.integer(5);
    candidate.runs_of_task = query.integer(6);
    candidate.newest = query.integer(7) != 0;
    candidate.repeats = query.integer(8) != 0;
    candidate.dead = query.integer(9) != 0;
    const auto log = logs.find(candidate.run.id.value);
    candidate.run.log_bytes = log == logs.end() ? 0 : log->second;
    all.push_back(std::move(candidate));
  }
  return all;
}

bool is_beyond(const PruneCandidate& candidate, const PruneBounds& bounds) {
  return (bounds.finished_before && candidate.run.finished_at < *bounds.finished_before) ||
         (bounds.runs_of_a_task && candidate.rank > *bounds.runs_of_a_task);
}

/// Makes the oldest go too, until what stays is small enough or nothing more can go. Dead letters
/// stay; how many it passed over.
std::int64_t fit(Database& db, std::vector<PruneCandidate>& all, std::uint64_t most, bool dead_too,
                 const LogSizes& logs) {
  std::int64_t passed_over = 0;
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
  for (const PruneCandidate& candidate : all) {
    marked.push_back(candidate.goes);
  }
  for (std::size_t next = 0;;) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      all[i].goes = marked[i];
    }
    PruneClosure(db, all).settle();
    std::uint64_t left = total;
    for (const PruneCandidate& candidate : all) {
      left -= candidate.goes ? std::min(left, candidate.run.log_bytes + of_a_run) : 0;
    }
    if (left <= most || next == all.size()) {
      return passed_over;
    }
    for (std::uint64_t more = 0; next < all.size() && left - std::min(left, more) > most; ++next) {
      if (all[next].dead && !dead_too) {
        ++passed_over;
        continue;
      }
      more += marked[next] ? 0 : all[next].run.log_bytes + of_a_run;
      marked[next] = true;
    }
  }
}

/// Those that were chosen and can go, in an order in which they can.
std::vector<PruneUnit> units_of(Database& db, std::vector<PruneCandidate>& all) {
  PruneClosure closure(db, all);
  closure.settle();
  std::unordered_map<std::int64_t, PruneUnit> units_of_tasks;
  std::unordered_map<std::int64_t, PruneUnit> units_of_runs;
  std::vector<std::int64_t> tasks;
  std::vector<std::int64_t> runs;
  for (PruneCandidate& candidate : all) {
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

}  // namespace

PrunePlan plan_prune(Store& store, const PruneBounds& bounds, const LogSizes& logs) {
  const Snapshot moment(store.db());
  std::vector<PruneCandidate> all = read_finished(store.db(), logs);
  PrunePlan plan;
  for (PruneCandidate& candidate : all) {
    const bool stays = candidate.dead && !bounds.dead_too;
    candidate.goes = is_beyond(candidate, bounds) && !stays;
    plan.dead_kept += is_beyond(candidate, bounds) && stays ? 1 : 0;
  }
  if (bounds.all_bytes) {
    plan.dead_kept =
        std::max(plan.dead_kept, fit(store.db(), all, *bounds.all_bytes, bounds.dead_too, logs));
  }
  plan.units = units_of(store.db(), all);
  return plan;
}

PrunePlan plan_removal(Store& store, const std::set<model::RunId>& runs, const LogSizes& logs) {
  const Snapshot moment(store.db());
  std::vector<PruneCandidate> all = read_finished(store.db(), logs);
  for (PruneCandidate& candidate : all) {
    candidate.goes = runs.contains(candidate.run.id);
  }
  return {units_of(store.db(), all), 0};
}

}  // namespace sched::store
