#include "worker/queue_line.hpp"

#include "rules/estimate.hpp"
#include "rules/fair.hpp"
#include "rules/rank.hpp"

#include <algorithm>
#include <map>
#include <string>

namespace sched::worker {
namespace {

constexpr int k_looked_at = 1000;
constexpr int k_runs_asked_back = 5;

std::map<std::string, time::Duration> used_by_shares(store::Store& store, const model::Queue& queue,
                                                     time::Instant now) {
  std::map<std::string, time::Duration> used;
  for (const auto& [share, use] : store.lanes().uses_of(queue.id)) {
    used[share] = rules::used_at(use, queue.fair.half_life, now);
  }
  for (const model::LaneLoad& load : store.lanes().loads(now)) {
    if (load.lane.queue == queue.id) {
      used[load.lane.share] += load.taken;
    }
  }
  return used;
}

}  // namespace

std::vector<store::RunRow> line_of(store::Store& store, const model::Queue& queue, int limit,
                                   time::Instant now) {
  if (!queue.policy.fair) {
    return store.listing().line_of(queue.id, limit);
  }
  auto rows = store.listing().line_of(queue.id, std::max(limit, k_looked_at));
  std::map<model::TaskId, std::string> shares;
  std::map<model::TaskId, time::Duration> usual;
  std::vector<std::string> share_of_each;
  std::vector<time::Duration> lengths;
  for (const store::RunRow& row : rows) {
    const model::TaskId task = row.run.task;
    if (!shares.contains(task)) {
      shares[task] = rules::share_of(queue.fair, store.tasks().task(task));
      usual[task] = rules::estimate(store.attempts().durations(task, k_runs_asked_back), 1, 1)
                        .value_or(rules::k_unknown_length);
    }
    share_of_each.push_back(shares[task]);
    lengths.push_back(usual[task]);
  }
  std::vector<store::RunRow> line;
  for (const std::size_t place :
       rules::fair_order(queue.fair, used_by_shares(store, queue, now), share_of_each, lengths)) {
    if (static_cast<int>(line.size()) < limit) {
      line.push_back(std::move(rows[place]));
    }
  }
  return line;
}

}  // namespace sched::worker
