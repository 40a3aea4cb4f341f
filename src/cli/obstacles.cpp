#include "cli/obstacles.hpp"

#include "base/text.hpp"
#include "cli/deadline_outlook.hpp"
#include "os/held_locks.hpp"
#include "os/process.hpp"
#include "worker/guards.hpp"
#include "worker/line.hpp"
#include "worker/queue_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace sched::cli {
namespace {

constexpr int k_deepest = 100;

rules::EdgeFact fact_of(const store::BoundEdge& edge) {
  rules::EdgeFact fact;
  fact.task = edge.upstream_name;
  fact.condition = edge.dependency.condition;
  fact.run = edge.upstream_run;
  fact.state = edge.state;
  fact.outcome = edge.outcome;
  fact.exit_code = edge.exit_code;
  return fact;
}

/// Goes up from a waiting run along its first open edge, to the one that all others wait for.
void find_first(store::Store& store, rules::EdgeFact& fact) {
  if (!fact.run || fact.state != model::RunState::waiting) {
    return;
  }
  model::RunId here = *fact.run;
  for (int depth = 0; depth < k_deepest; ++depth) {
    const auto edges = store.bindings().edges_of(here);
    const auto open = std::find_if(edges.begin(), edges.end(),
                                   [](const store::BoundEdge& edge) { return !edge.outcome; });
    if (open == edges.end()) {
      return;
    }
    fact.first_of_all = open->upstream_name;
    fact.first_state = open->state;
    if (open->state != model::RunState::waiting) {
      return;
    }
    here = *open->upstream_run;
  }
}

std::vector<rules::EdgeFact> edges_of(store::Store& store, const model::Task& task,
                                      const std::optional<model::Run>& run) {
  std::vector<rules::EdgeFact> facts;
  if (run) {
    for (const store::BoundEdge& edge : store.bindings().edges_of(run->id)) {
      rules::EdgeFact fact = fact_of(edge);
      const bool is_replaced = edge.upstream_run && edge.upstream_task != edge.dependency.upstream;
      fact.in_place = is_replaced ? store.tasks().label(edge.upstream_task) : "";
      if (!fact.outcome) {
        fact.paused =
            store.tasks().task(is_replaced ? edge.upstream_task : edge.dependency.upstream).paused;
        find_first(store, fact);
      }
      facts.push_back(std::move(fact));
    }
    return facts;
  }
  for (const model::Dependency& edge : store.tasks().upstream_of(task.id)) {
    rules::EdgeFact fact;
    fact.task = store.tasks().label(edge.upstream);
    fact.condition = edge.condition;
    facts.push_back(std::move(fact));
  }
  return facts;
}

/// How many go before it, in a fair queue at most a thousand.
std::int64_t queued_ahead(Session& session, const model::Queue& queue, const model::Run& run) {
  if (!queue.policy.fair) {
    return session.store().listing().queued_ahead(run);
  }
  constexpr int k_looked_at = 1000;
  const auto line = worker::line_of(session.store(), queue, k_looked_at, session.now());
  const auto place = std::find_if(line.begin(), line.end(),
                                  [&](const store::RunRow& row) { return row.run.id == run.id; });
  return place - line.begin();
}

/// Those outside; a file that another run holds is among the shortages.
std::vector<rules::FileHolder> file_holders(const model::Needs& needs,
                                            const std::vector<rules::Shortage>& shortages) {
  std::vector<rules::FileHolder> holders;
  for (const model::FileLock& file : needs.files) {
    const bool is_ours =
        std::any_of(shortages.begin(), shortages.end(), [&](const rules::Shortage& missing) {
          return missing.is_file && !missing.is_outside && missing.name == file.path;
        });
    std::vector<std::string> words;
    bool is_taken = false;
    for (const os::HeldLock& lock : os::held_locks(file.path)) {
      const bool is_other = lock.kind != os::HeldLock::Kind::flock || !lock.same_device;
      if (is_ours || is_other || (file.shared && !lock.exclusive)) {
        continue;
      }
      is_taken = true;
      if (lock.pid > 0) {
        words.push_back(fmt::format("process {} ({})", lock.pid, os::process_name(lock.pid)));
      }
    }
    if (is_taken) {
      holders.push_back({file.path, base::join(words, ", ")});
    }
  }
  return holders;
}

}  // namespace

Workforce workforce(Session& session) {
  Workforce found;
  found.workers = exec::living_workers(session.places().launchers());
  for (const exec::WorkerInfo& worker : found.workers) {
    const bool works = worker.state == exec::WorkerState::working;
    found.starting += works || worker.state == exec::WorkerState::standby ? 1 : 0;
    found.slots += works ? worker.slots : 0;
  }
  return found;
}

std::vector<render::WorkerLine> lines_of(store::Store& store,
                                         const std::vector<exec::WorkerInfo>& workers) {
  std::set<model::RunId> suspended;  // They fill no slot.
  for (const store::RunningRun& run : store.runs().running()) {
    if (run.suspended) {
      suspended.insert(run.claim.run);
    }
  }
  std::vector<render::WorkerLine> lines;
  for (const exec::WorkerInfo& worker : workers) {
    render::WorkerLine line;
    line.pid = worker.pid;
    line.state = exec::to_string(worker.state);
    line.starts = worker.state == exec::WorkerState::working;
    line.slots = worker.slots;
    line.throttle = worker.throttle;
    line.started_at = worker.started_at;
    for (const exec::LauncherInfo& launcher : worker.launchers) {
      line.launchers.push_back({launcher.id, launcher.pid, launcher.alive});
      for (const model::Claim& claim : store.attempts().open_of(launcher.id)) {
        line.running += suspended.contains(claim.run) ? 0 : 1;
      }
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

rules::ExplainFacts explain_facts(Session& session, const model::Task& task,
                                  const std::optional<model::Run>& run) {
  store::Store& store = session.store();
  rules::ExplainFacts facts;
  facts.task = model::label(task);
  facts.paused = task.paused;
  facts.trigger = task.trigger;
  facts.join = task.join;
  facts.retries = task.retry.retries;
  facts.run = run;
  facts.edges = edges_of(store, task, run);
  const Workforce force = workforce(session);
  facts.workers = force.starting;
  facts.slots = force.slots;
  for (const exec::WorkerInfo& worker : force.workers) {
    if (worker.throttle && worker.state == exec::WorkerState::working) {
      facts.throttles.push_back(*worker.throttle);
    }
  }
  for (const store::RunningRun& one : store.runs().running()) {
    facts.running += one.suspended ? 0 : 1;
  }
  facts.queue = store.queues().queue(task.queue);
  for (const model::LaneLoad& load : store.lanes().loads(session.now())) {
    facts.queue_running += load.lane.queue == task.queue && !load.suspended ? load.runs : 0;
  }
  facts.shortages = worker::shortages_of(store, task.needs, session.now());
  facts.file_holders = file_holders(task.needs, facts.shortages);
  if (run && run->state == model::RunState::queued) {
    facts.queued_ahead = queued_ahead(session, facts.queue, *run);
    for (const store::GivingWay& one : store.suspensions().giving_way_for(run->id)) {
      const model::Task other = store.tasks().task(one.task);
      facts.giving_way.push_back({one.run, model::label(other), one.since, other.grace_kill});
    }
    const worker::GuardBook book(store, session.now());
    if (const auto load = store.lanes().of_run(run->id)) {
      rules::Chooser chooser = worker::chooser_of(store, book, session.now());
      facts.kept_for = chooser.kept_from(load->lane.id, run->id);
      facts.stock_at = chooser.start_of(task.needs);
      for (const model::GuardId id : book.of(load->lane, 0)) {
        facts.guards.push_back(book.guards().at(id));
      }
    }
  }
  if (run && run->in_turn && run->state == model::RunState::waiting) {
    facts.ahead = store.runs().ahead_in_turn(run->task, run->id);
  }
  if (run) {
    facts.forecast = DeadlineOutlook(session).facts(task, *run);
  }
  facts.next_at = task.next_at;
  facts.now = session.now();
  return facts;
}

std::vector<render::ObstacleLine> lines_of(const std::vector<rules::Obstacle>& obstacles) {
  std::vector<render::ObstacleLine> lines;
  for (const rules::Obstacle& obstacle : obstacles) {
    lines.push_back({rules::to_string(obstacle.kind), obstacle.what, obstacle.remove});
  }
  return lines;
}

}  // namespace sched::cli
