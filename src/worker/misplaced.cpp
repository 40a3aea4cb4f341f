#include "worker/misplaced.hpp"

#include "rules/readiness.hpp"
#include "worker/advance.hpp"

#include <fmt/format.h>

namespace sched::worker {
namespace {

/// Empty when nothing is wrong with it.
std::string fault(store::Store& store, const model::Run& run) {
  const model::EdgeCounts counts = count_edges(store, run.id);
  if (counts != run.edges) {
    return fmt::format("counts {} edges, {} open and {} satisfied; they are {}, {} and {}",
                       run.edges.total, run.edges.open, run.edges.satisfied, counts.total,
                       counts.open, counts.satisfied);
  }
  if (run.state == model::RunState::held) {
    return {};
  }
  const model::Task task = store.tasks().task(run.task);
  const rules::JoinVerdict verdict = rules::judge(task.join, counts);
  if (verdict == rules::JoinVerdict::impossible) {
    return "waits for a join that can't hold any more";
  }
  const bool may_go = rules::due_at(verdict, task.paused, run.not_before).has_value();
  if (run.state == model::RunState::queued) {
    return may_go ? "" : "is queued, though its edges or its paused task say no";
  }
  const bool in_line = run.in_turn && store.runs().ahead_in_turn(run.task, run.id).has_value();
  if (may_go && !in_line && !run.due_at) {
    return "waits, and nothing stands in its way";
  }
  return !may_go && run.due_at ? "is to be queued, though its edges or its paused task say no" : "";
}

}  // namespace

std::vector<Misplaced> find_misplaced(store::Store& store) {
  std::vector<Misplaced> found;
  const store::Snapshot moment(store.db());
  for (const model::RunId id : store.listing().unfinished()) {
    const model::Run run = store.runs().run(id);
    std::string what = run.state == model::RunState::running ? "" : fault(store, run);
    if (!what.empty()) {
      found.push_back({id, fmt::format("run-{} {}", id.value, what)});
    }
  }
  return found;
}

}  // namespace sched::worker
