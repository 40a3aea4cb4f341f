#include "worker/advance.hpp"

#include "rules/readiness.hpp"
#include "worker/line.hpp"

#include <fmt/format.h>

#include <deque>

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

/// Moves one unfinished run to where its edges leave it; true when it was skipped.
bool place(store::Store& store, const model::Run& run, const model::EdgeCounts& counts,
           time::Instant now) {
  if (run.state == model::RunState::held || run.state == model::RunState::running) {
    return false;  // A held run is placed when it is released.
  }
  const model::Task task = store.tasks().task(run.task);
  const rules::JoinVerdict verdict = rules::judge(task.join, counts);
  if (verdict == rules::JoinVerdict::impossible) {
    return store.runs().finish_unstarted(
        run.id, model::Outcome::skipped,
        refusal(store, store.bindings().edges_of(run.id), task.join), now);
  }
  auto due = rules::due_at(verdict, task.paused, run.not_before);
  std::string reason = run.reason;
  if (const auto ahead =
          run.in_turn ? store.runs().ahead_in_turn(run.task, run.id) : std::nullopt) {
    due.reset();
    reason = fmt::format("waits for {} of the same task", model::label(*ahead));
  } else if (run.in_turn && run.attempts == 0) {
    reason.clear();  // It waited for its turn, and this has come.
  }
  if (!due || *due > now) {
    store.runs().wait(run.id, due, reason);
  } else if (run.state == model::RunState::waiting) {
    line_up(store, run.id);
  }
  return false;
}

/// The next run of a task that takes one at a time, now that one is over.
void let_next_go(store::Store& store, model::TaskId task, std::deque<model::RunId>& ended,
                 std::vector<model::RunId>& skipped, time::Instant now) {
  const auto next = store.runs().next_in_turn(task);
  if (!next) {
    return;
  }
  const model::Run run = store.runs().run(*next);
  if (place(store, run, run.edges, now)) {
    skipped.push_back(run.id);
    ended.push_back(run.id);
  }
}

void advance_all(store::Store& store, std::deque<model::RunId>& ended,
                 std::vector<model::RunId>& skipped, time::Instant now) {
  while (!ended.empty()) {
    const auto upstream = store.runs().find(ended.front());
    ended.pop_front();
    if (!upstream || !upstream->outcome) {
      continue;
    }
    let_next_go(store, upstream->task, ended, skipped, now);
    for (const store::Dependent& dependent : store.bindings().dependents_of(upstream->id)) {
      auto run = store.runs().find(dependent.run);
      if (!run || run->state == model::RunState::finished) {
        continue;
      }
      --run->edges.open;
      if (rules::judge(dependent.condition, upstream->outcome, upstream->exit_code) ==
          rules::EdgeVerdict::satisfied) {
        ++run->edges.satisfied;
      }
      store.runs().set_edges(run->id, run->edges);
      if (place(store, *run, run->edges, now)) {
        skipped.push_back(run->id);
        ended.push_back(run->id);
      }
    }
  }
}

}  // namespace

model::EdgeCounts count_edges(store::Store& store, model::RunId run) {
  return count(store.bindings().edges_of(run));
}

std::vector<model::RunId> advance(store::Store& store, std::vector<model::RunId> ended,
                                  time::Instant now) {
  std::deque<model::RunId> open(ended.begin(), ended.end());
  std::vector<model::RunId> skipped;
  advance_all(store, open, skipped, now);
  return skipped;
}

std::vector<model::RunId> pass_turn(store::Store& store, model::TaskId task, time::Instant now) {
  std::deque<model::RunId> open;
  std::vector<model::RunId> skipped;
  let_next_go(store, task, open, skipped, now);
  advance_all(store, open, skipped, now);
  return skipped;
}

void recount_edges(store::Store& store, model::RunId id) {
  store.runs().set_edges(id, count_edges(store, id));
}

std::vector<model::RunId> refresh(store::Store& store, model::RunId id, time::Instant now) {
  const auto run = store.runs().find(id);
  std::vector<model::RunId> skipped;
  if (!run || run->state == model::RunState::finished) {
    return skipped;
  }
  const model::EdgeCounts counts = count_edges(store, id);
  store.runs().set_edges(id, counts);
  if (place(store, *run, counts, now)) {
    skipped.push_back(id);
    std::deque<model::RunId> open = {id};
    advance_all(store, open, skipped, now);
  }
  return skipped;
}

}  // namespace sched::worker
