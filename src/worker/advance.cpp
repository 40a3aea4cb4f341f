#include "worker/advance.hpp"

#include "rules/readiness.hpp"
#include "store/placing.hpp"
#include "worker/line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace sched::worker {
namespace {

model::EdgeCounts count(const std::vector<store::BoundEdge>& edges) {
  model::EdgeCounts counts;
  for (const store::BoundEdge& edge : edges) {
    ++counts.total;
    switch (rules::judge(edge.dependency.condition, edge.outcome, edge.exit_code)) {
      case rules::EdgeVerdict::open:
        ++counts.open;
        break;
      case rules::EdgeVerdict::satisfied:
        ++counts.satisfied;
        break;
      case rules::EdgeVerdict::refused:
        break;
    }
  }
  return counts;
}

/// "build:success refused: build failed", of the first edge that did.
std::string refusal(store::Store& store, const std::vector<store::BoundEdge>& edges,
                    const model::Join& join) {
  for (const store::BoundEdge& edge : edges) {
    if (rules::judge(edge.dependency.condition, edge.outcome, edge.exit_code) ==
        rules::EdgeVerdict::refused) {
      const std::string code =
          edge.dependency.condition.kind == model::Condition::Kind::exit && edge.exit_code
              ? fmt::format(" (exit {})", *edge.exit_code)
              : std::string();
      return fmt::format("dependency {}:{} refused: {} {}{}", edge.upstream_name,
                         model::to_string(edge.dependency.condition),
                         store.tasks().label(edge.upstream_task), model::to_string(*edge.outcome),
                         code);
    }
  }
  return fmt::format("its join of {} can't hold: it has {} edges", model::to_string(join),
                     edges.size());
}

enum class Placed {
  stays,
  starts,  ///< It is to be lined up.
  skipped,
};

/// Moves one unfinished run to where these edges leave it, but for lining it up.
Placed place(store::Store& store, const store::Placing& run, const model::EdgeCounts& counts,
             time::Instant now) {
  if (run.state == model::RunState::held || run.state == model::RunState::running) {
    return Placed::stays;  // A held run is placed when it is released.
  }
  const model::RunId id = run.comer.id;
  const rules::JoinVerdict verdict = rules::judge(run.join, counts);
  if (verdict == rules::JoinVerdict::impossible) {
    return store.runs().finish_unstarted(id, model::Outcome::skipped,
                                         refusal(store, store.bindings().edges_of(id), run.join),
                                         now)
               ? Placed::skipped
               : Placed::stays;
  }
  auto due = rules::due_at(verdict, run.paused, run.comer.not_before);
  std::string reason = run.reason;
  if (const auto ahead =
          run.in_turn ? store.runs().ahead_in_turn(run.comer.task, id) : std::nullopt) {
    due.reset();
    reason = fmt::format("waits for {} of the same task", model::label(*ahead));
  } else if (run.in_turn && run.attempts == 0) {
    reason.clear();  // It waited for its turn, and this has come.
  }
  const bool is_waiting = run.state == model::RunState::waiting;
  if (due && *due <= now) {
    return is_waiting ? Placed::starts : Placed::stays;
  }
  if (!is_waiting || due != run.due_at || reason != run.reason) {
    store.runs().wait(id, due, reason);
  }
  return Placed::stays;
}

/// The same, and it is lined up; true when it was skipped.
bool place_at_once(store::Store& store, const store::Placing& run, const model::EdgeCounts& counts,
                   time::Instant now) {
  const Placed placed = place(store, run, counts, now);
  if (placed == Placed::starts) {
    line_up(store, {run.comer});
  }
  return placed == Placed::skipped;
}

/// The next run of a task that takes one at a time, now that one is over. Those that are skipped
/// are put to `over`.
void let_next_go(store::Store& store, model::TaskId task, std::vector<model::RunId>& over,
                 time::Instant now) {
  const auto next = store.runs().next_in_turn(task);
  const auto run = next ? store::find_placing(store.db(), *next) : std::nullopt;
  if (run && place_at_once(store, *run, run->edges, now)) {
    over.push_back(*next);
  }
}

/// What ended above one run.
struct EndsAbove {
  int all = 0;
  int satisfied = 0;
};

using EndsByRun = std::unordered_map<model::RunId, EndsAbove>;

/// Counts the ends of `upstream` for those that look at it.
void count_end(store::Store& store, const model::Run& upstream, EndsByRun& ends) {
  for (const store::EdgesBelow& edges : store.bindings().edges_below(upstream.id)) {
    const bool satisfied = rules::judge(edges.condition, upstream.outcome, upstream.exit_code) ==
                           rules::EdgeVerdict::satisfied;
    for (const model::RunId run : edges.runs) {
      EndsAbove& above = ends[run];
      ++above.all;
      above.satisfied += satisfied ? 1 : 0;
    }
  }
}

/// Writes what was counted, once for each run however many of its edges ended, and places it. Those
/// that are skipped are put to `over`.
void tell(store::Store& store, const EndsByRun& ends, std::vector<model::RunId>& over,
          time::Instant now) {
  std::vector<model::RunId> told;
  for (const auto& [run, above] : ends) {
    told.push_back(run);
  }
  std::sort(told.begin(), told.end());
  std::vector<store::Comer> starting;
  for (const model::RunId id : told) {
    auto run = store::find_placing(store.db(), id);
    if (!run || run->state == model::RunState::finished) {
      continue;
    }
    const EndsAbove& above = ends.at(id);
    model::EdgeCounts edges = run->edges;
    edges.open -= above.all;
    edges.satisfied += above.satisfied;
    const Placed placed = place(store, *run, edges, now);
    if (placed == Placed::starts) {
      run->comer.edges = edges;
      starting.push_back(std::move(run->comer));
      continue;
    }
    store.runs().set_edges(id, edges);
    if (placed == Placed::skipped) {
      over.push_back(id);
    }
  }
  line_up(store, starting);
}

/// Level by level, for what is skipped is an end to those below it.
void advance_all(store::Store& store, std::vector<model::RunId> ended,
                 std::vector<model::RunId>& skipped, time::Instant now) {
  while (!ended.empty()) {
    std::vector<model::RunId> over;
    EndsByRun ends;
    for (const model::RunId id : ended) {
      const auto upstream = store.runs().find(id);
      if (upstream && upstream->outcome) {
        let_next_go(store, upstream->task, over, now);
        count_end(store, *upstream, ends);
      }
    }
    tell(store, ends, over, now);
    skipped.insert(skipped.end(), over.begin(), over.end());
    ended = std::move(over);
  }
}

}  // namespace

model::EdgeCounts count_edges(store::Store& store, model::RunId run) {
  return count(store.bindings().edges_of(run));
}

std::vector<model::RunId> advance(store::Store& store, std::vector<model::RunId> ended,
                                  time::Instant now) {
  std::vector<model::RunId> skipped;
  advance_all(store, std::move(ended), skipped, now);
  return skipped;
}

std::vector<model::RunId> pass_turn(store::Store& store, model::TaskId task, time::Instant now) {
  std::vector<model::RunId> skipped;
  let_next_go(store, task, skipped, now);
  advance_all(store, skipped, skipped, now);
  return skipped;
}

void recount_edges(store::Store& store, model::RunId id) {
  store.runs().set_edges(id, count_edges(store, id));
}

std::vector<model::RunId> refresh(store::Store& store, model::RunId id, time::Instant now) {
  const auto run = store::find_placing(store.db(), id);
  std::vector<model::RunId> skipped;
  if (!run || run->state == model::RunState::finished) {
    return skipped;
  }
  const model::EdgeCounts counts = count_edges(store, id);
  store.runs().set_edges(id, counts);
  if (place_at_once(store, *run, counts, now)) {
    skipped.push_back(id);
    advance_all(store, {id}, skipped, now);
  }
  return skipped;
}

}  // namespace sched::worker
