#include "store/prune_plan.hpp"

#include "store/dead_letters.hpp"
#include "store/prune_closure.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace sched::store {
namespace {

/// `nodes`, each behind all of them that come after it, so that none is missed when it goes.
template <typename Above>
std::vector<std::int64_t> dependents_first(ShortReads& reads,
                                           const std::vector<std::int64_t>& nodes, Above above) {
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
  reads.rest();
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
  reads.rest();
  return order;
}

/// Looks at all runs from the newest on, so that the first of a task's is its newest.
std::vector<PruneCandidate> read_finished(ShortReads& reads, const LogSizes& logs) {
  struct Seen {
    std::int64_t runs = 0;
    std::int64_t finished = 0;
  };
  constexpr int k_runs_at_once = 4000;
  std::unordered_map<std::int64_t, Seen> tasks;
  std::vector<PruneCandidate> all;
  std::int64_t below = std::numeric_limits<std::int64_t>::max();
  for (int read = k_runs_at_once; read == k_runs_at_once;) {
    read = 0;
    Query query(reads.db(),
                "SELECT r.id, r.task_id, coalesce(t.name, 'task-' || t.id), r.outcome,"
                " r.finished_at_ms, t.repeats, " SCHED_IS_DEAD("r.")
                " FROM runs AS r LEFT JOIN tasks AS t ON t.id = r.task_id"
                " AND r.outcome IS NOT NULL WHERE r.id < :below ORDER BY r.id DESC LIMIT :most");
    query.bind(":below", below).bind(":most", k_runs_at_once);
    for (; query.step(); ++read) {
      below = query.integer(0);
      const model::TaskId task(query.integer(1));
      Seen& seen = tasks[task.value];
      ++seen.runs;
      if (query.is_null(3)) {
        continue;
      }
      PruneCandidate candidate;
      candidate.run.id = model::RunId(below);
      candidate.run.task = task;
      candidate.run.label = query.text(2);
      candidate.run.outcome =
          model::parse_outcome(query.view(3)).value_or(model::Outcome::succeeded);
      candidate.run.finished_at = query.instant(4);
      candidate.rank = ++seen.finished;
      candidate.newest = seen.runs == 1;
      candidate.repeats = query.integer(5) != 0;
      candidate.dead = query.integer(6) != 0;
      const auto log = logs.find(below);
      candidate.run.log_bytes = log == logs.end() ? 0 : log->second;
      all.push_back(std::move(candidate));
    }
  }
  reads.rest();
  for (PruneCandidate& candidate : all) {
    candidate.runs_of_task = tasks.at(candidate.run.task.value).runs;
  }
  std::ranges::reverse(all);
  std::ranges::stable_sort(all, {}, [](const PruneCandidate& one) { return one.run.finished_at; });
  return all;
}

bool is_beyond(const PruneCandidate& candidate, const PruneBounds& bounds) {
  return (bounds.finished_before && candidate.run.finished_at < *bounds.finished_before) ||
         (bounds.runs_of_a_task && candidate.rank > *bounds.runs_of_a_task);
}

struct RowBytes {
  std::uint64_t all;
  std::uint64_t of_a_run;  ///< On average, with its share of its task's.
};

RowBytes bytes_of_rows(Database& db) {
  const auto pages = db.pragma("page_count") - db.pragma("freelist_count");
  const auto all =
      static_cast<std::uint64_t>(std::max<std::int64_t>(pages, 0) * db.pragma("page_size"));
  Query count(db, "SELECT max(count(*), 1) FROM runs");
  count.step();
  return {all, all / static_cast<std::uint64_t>(count.integer(0))};
}

/// Makes the oldest go too, until what stays is small enough or nothing more can go. Dead letters
/// stay; how many it passed over.
std::int64_t fit(ShortReads& reads, std::vector<PruneCandidate>& all, std::uint64_t most,
                 bool dead_too, const LogSizes& logs) {
  std::int64_t passed_over = 0;
  const auto [rows, of_a_run] = bytes_of_rows(reads.db());
  reads.rest();
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
    PruneClosure(reads, all).settle();
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
std::vector<PruneUnit> units_of(ShortReads& reads, std::vector<PruneCandidate>& all) {
  PruneClosure closure(reads, all);
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
       dependents_first(reads, tasks, [&](std::int64_t id) { return upstream_tasks(reads, id); })) {
    plan.push_back(std::move(units_of_tasks.at(task)));
  }
  for (const std::int64_t run :
       dependents_first(reads, runs, [&](std::int64_t id) { return upstream_runs(reads, id); })) {
    plan.push_back(std::move(units_of_runs.at(run)));
  }
  return plan;
}

}  // namespace

PrunePlan plan_prune(Store& store, const PruneBounds& bounds, const LogSizes& logs) {
  ShortReads reads(store.db());
  std::vector<PruneCandidate> all = read_finished(reads, logs);
  PrunePlan plan;
  for (PruneCandidate& candidate : all) {
    const bool stays = candidate.dead && !bounds.dead_too;
    candidate.goes = is_beyond(candidate, bounds) && !stays;
    plan.dead_kept += is_beyond(candidate, bounds) && stays ? 1 : 0;
  }
  if (bounds.all_bytes) {
    plan.dead_kept =
        std::max(plan.dead_kept, fit(reads, all, *bounds.all_bytes, bounds.dead_too, logs));
  }
  plan.units = units_of(reads, all);
  return plan;
}

PrunePlan plan_removal(Store& store, const std::set<model::RunId>& runs, const LogSizes& logs) {
  ShortReads reads(store.db());
  std::vector<PruneCandidate> all = read_finished(reads, logs);
  for (PruneCandidate& candidate : all) {
    candidate.goes = runs.contains(candidate.run.id);
  }
  return {units_of(reads, all), 0};
}

}  // namespace sched::store
