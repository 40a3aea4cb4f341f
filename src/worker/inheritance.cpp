#include "worker/inheritance.hpp"

#include "worker/recover.hpp"

#include <iterator>
#include <utility>

namespace sched::worker {

void Inheritance::take(std::vector<exec::Roster> rosters) {
  std::move(rosters.begin(), rosters.end(), std::back_inserter(rosters_));
}

void Inheritance::settle(Worker& worker, exec::Executor& executor) {
  Recovered recovered = recover(store_, rosters_, boot_);
  auto lost = lost_without_trace(store_);
  std::move(lost.begin(), lost.end(), std::back_inserter(recovered.ends));
  for (const model::Claim& claim : recovered.adopted) {
    worker.adopt(claim);
  }
  for (const model::Claim& claim : recovered.unknown) {
    worker.end_unknown(claim);
  }
  worker.take_ends(std::move(recovered.ends));
  worker.let_go(recovered.over);
  if (!recovered.settled.empty()) {
    store::make_durable(store_.db());  // From here on the store alone knows of them.
    executor.forget(recovered.settled);
  }
  for (const exec::Roster& roster : rosters_) {
    if (!roster.alive) {
      dead_.insert(roster.launcher);
    }
  }
  rosters_.clear();
}

std::vector<model::LauncherId> Inheritance::settled() {
  std::vector<model::LauncherId> settled;
  for (const model::LauncherId launcher : dead_) {
    if (store_.attempts().open_of(launcher).empty()) {
      settled.push_back(launcher);
    }
  }
  if (!settled.empty()) {
    store::make_durable(store_.db());  // As above, of what their journals told.
  }
  for (const model::LauncherId launcher : settled) {
    dead_.erase(launcher);
  }
  return settled;
}

}  // namespace sched::worker
