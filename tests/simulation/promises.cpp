#include "simulation/promises.hpp"

#include "store/invariants.hpp"
#include "time/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::simulation {
namespace {

using model::Outcome;
using model::RunState;

/// How an edge stands, told anew from semantics: 1 satisfied, -1 refused, 0 open.
int judge(const store::BoundEdge& edge) {
  if (!edge.upstream_run || !edge.outcome) {
    return 0;
  }
  const Outcome outcome = *edge.outcome;
  const bool ran = outcome == Outcome::succeeded || outcome == Outcome::failed;
  bool met = false;
  switch (edge.dependency.condition.kind) {
    case model::Condition::Kind::success:
      met = outcome == Outcome::succeeded;
      break;
    case model::Condition::Kind::failure:
      met = outcome == Outcome::failed || outcome == Outcome::timed_out || outcome == Outcome::lost;
      break;
    case model::Condition::Kind::done:
      met = true;
      break;
    case model::Condition::Kind::skipped:
      met = outcome == Outcome::skipped;
      break;
    case model::Condition::Kind::exit:
      for (const auto& range : edge.dependency.condition.exit_codes) {
        met = met || (ran && edge.exit_code && *edge.exit_code >= range.first &&
                      *edge.exit_code <= range.last);
      }
      break;
  }
  return met ? 1 : -1;
}

std::string state_of(const model::Run& run) {
  return run.outcome ? model::to_string(*run.outcome) : model::to_string(run.state);
}

}  // namespace

void Promises::broken(const model::Run& run, const std::string& what) const {
  const auto task = tasks_.find(run.task);
  throw Broken(
      fmt::format("run-{} of {} ({}): {}", run.id.value,
                  task == tasks_.end() ? std::string("a task") : model::label(task->second),
                  state_of(run), what));
}

const model::Task& Promises::task(model::TaskId id) {
  const auto found = tasks_.find(id);
  return found != tasks_.end() ? found->second
                               : tasks_.emplace(id, site_.people().tasks().task(id)).first->second;
}

void Promises::acknowledged(model::TaskId id) {
  acknowledged_.insert(id);
}

void Promises::check(const std::set<std::int64_t>& runs, const std::set<std::int64_t>& tasks,
                     const Licence& licence) {
  just_claimed_.clear();
  reopened_.insert(licence.reopened.begin(), licence.reopened.end());
  for (const std::int64_t id : tasks) {
    tasks_.erase(model::TaskId(id));
  }
  std::set<model::RunId> affected;
  for (const std::int64_t id : runs) {
    affected.insert(model::RunId(id));
  }
  for (const std::int64_t id : tasks) {
    if (site_.people().tasks().exists(model::TaskId(id))) {
      for (const model::RunId run : site_.people().runs().unfinished_of(model::TaskId(id))) {
        affected.insert(run);
      }
    }
  }
  for (const std::int64_t id : runs) {
    for (const store::Dependent& dependent :
         site_.people().bindings().dependents_of(model::RunId(id))) {
      affected.insert(dependent.run);
    }
    const auto known = site_.people().runs().find(model::RunId(id));
    if (known && known->state == RunState::finished) {
      if (const auto next = site_.people().runs().next_in_turn(known->task)) {
        affected.insert(*next);
      }
    }
  }
  for (const model::RunId id : affected) {
    const auto run = site_.people().runs().find(id);
    if (run) {
      check_run(*run, licence);
      continue;
    }
    const auto before = runs_.find(id);
    if (before == runs_.end()) {
      continue;  // Of a transaction that was undone.
    }
    if (!licence.removed.contains(before->second.task) && !licence.unknown) {
      broken(before->second, "its row is gone");
    }
    runs_.erase(before);
    claims_.erase(id);
  }
  check_room();
}

void Promises::check_all(const Licence& licence) {
  tasks_.clear();  // One without a run is in no list below, and may have changed all the same.
  std::set<std::int64_t> all;
  std::set<std::int64_t> tasks;
  for (const auto& [id, run] : runs_) {
    all.insert(id.value);
  }
  const store::Page<store::RunRow> page = site_.people().listing().runs({});
  for (const store::RunRow& row : page.rows) {
    all.insert(row.run.id.value);
    tasks.insert(row.run.task.value);
  }
  check(all, tasks, licence);
  for (const model::TaskId id : acknowledged_) {
    if (licence.removed.contains(id)) {
      continue;
    }
    if (!site_.people().tasks().exists(id)) {
      throw Broken(fmt::format("task-{} was acknowledged and is gone", id.value));
    }
    const model::Task& known = task(id);
    if (known.trigger == model::TriggerKind::once && !site_.people().runs().newest_of(id)) {
      throw Broken(fmt::format("{} was acknowledged and has no run", model::label(known)));
    }
    check_firings(id);
  }
  for (const std::string& what : store::wrong_tallies(site_.people().db())) {
    throw Broken(what);
  }
}

Promises::Edges Promises::count_edges(const model::Run& run) {
  Edges edges;
  for (const store::BoundEdge& edge : site_.people().bindings().edges_of(run.id)) {
    const int verdict = judge(edge);
    ++edges.counts.total;
    edges.counts.open += verdict == 0 ? 1 : 0;
    edges.counts.satisfied += verdict == 1 ? 1 : 0;
  }
  const model::Join& join = task(run.task).join;
  const int needed = join.kind == model::Join::Kind::all   ? edges.counts.total
                     : join.kind == model::Join::Kind::any ? std::min(1, edges.counts.total)
                                                           : join.count;
  edges.holds = edges.counts.satisfied >= needed;
  edges.impossible = edges.counts.satisfied + edges.counts.open < needed;
  return edges;
}

bool Promises::has_one_ahead(const model::Run& run) {
  if (!run.in_turn) {
    return false;
  }
  const auto open = site_.people().runs().unfinished_of(run.task);
  return std::any_of(open.begin(), open.end(), [&](model::RunId id) { return id < run.id; });
}

void Promises::check_run(const model::Run& run, const Licence& licence) {
  const auto before = runs_.find(run.id);
  if (before != runs_.end() && !licence.unknown) {
    check_move(before->second, run, licence);
  }
  const auto firing = firings_.try_emplace({run.task, run.trigger, run.nominal_at}, run.id).first;
  // A power cut may have undone that one, and its number may be of another firing since.
  const auto other = runs_.find(firing->second);
  if (firing->second != run.id && other != runs_.end() && other->second.task == run.task &&
      other->second.trigger == run.trigger && other->second.nominal_at == run.nominal_at) {
    broken(run, fmt::format("it is of the firing that run-{} is of", firing->second.value));
  }
  firing->second = run.id;
  check_attempts(run);
  if (run.state == RunState::running) {
    check_claim(run);
  }
  if (run.state != RunState::finished) {
    const Edges edges = count_edges(run);
    if (run.edges != edges.counts) {
      broken(run,
             fmt::format("its edges are counted {} open and {} satisfied of {}, and are {}, {} "
                         "of {}",
                         run.edges.open, run.edges.satisfied, run.edges.total, edges.counts.open,
                         edges.counts.satisfied, edges.counts.total));
    }
    check_place(run);
  } else if (run.reason.empty()) {
    broken(run, "nothing says why");
  }
  check_cause(run);
  check_deadlines(run);
  const bool has_just_ended =
      run.outcome && before != runs_.end() && before->second.state != RunState::finished;
  check_come_back(run, licence);
  if (has_just_ended && !licence.unknown) {
    check_followers(run);
    check_flow(run);
    check_tags(run);
  }
  runs_[run.id] = run;
}

void Promises::check_move(const model::Run& before, const model::Run& run, const Licence& licence) {
  const bool reopened = licence.reopened.contains(run.id);
  if (before.state == RunState::finished && !reopened &&
      (run.state != RunState::finished || run.outcome != before.outcome ||
       run.attempts != before.attempts || run.finished_at != before.finished_at)) {
    broken(run, fmt::format("it was over: {}", state_of(before)));
  }
  if (before.state == RunState::held && run.state != RunState::held && !licence.by_person &&
      !run.reason.starts_with("replaced by") && !run.reason.starts_with("max-fails ") &&
      run.reason.find("hard deadline") == std::string::npos) {
    broken(run, "it was held, and nobody released it");
  }
  if (before.state != RunState::held && run.state == RunState::held && !licence.by_person &&
      !run.reason.starts_with("max-fails ")) {
    broken(run, "nobody held it");
  }
  check_new_deadlines(before, run, licence);
  if (run.attempts < before.attempts - 1 || run.spent_attempts < before.spent_attempts) {
    broken(run, "attempts were forgotten");
  }
  if (run.outcome == Outcome::cancelled && !before.outcome && !licence.by_person &&
      !before.cancel_requested && before.state != RunState::running &&
      !run.reason.starts_with("replaced by")) {
    broken(run, "nobody cancelled it");
  }
}

void Promises::check_place(const model::Run& run) {
  const Edges edges = count_edges(run);
  const bool waits_for_turn = has_one_ahead(run);
  const bool may_go = edges.holds && !task(run.task).paused && !waits_for_turn;
  if (run.cancel_requested && run.state != RunState::running) {
    broken(run, "its cancellation was forgotten");
  }
  if (run.state == RunState::queued && !may_go) {
    broken(run, waits_for_turn ? "it stands in the queue before its turn"
                               : "it stands in the queue, and must wait");
  }
  if (run.state != RunState::waiting) {
    return;
  }
  if (edges.impossible) {
    broken(run, "its join can't hold any more, and it waits");
  }
  if (may_go && !run.due_at) {
    broken(run, "nothing stands in its way, and it waits for nothing");
  }
  if (!may_go && run.due_at) {
    broken(run, "it would start though it must wait");
  }
  if (run.due_at && *run.due_at != run.not_before) {
    broken(run, "it is due at another moment than its own");
  }
}

}  // namespace sched::simulation
