// The worker's side of simulated launchers, as exec/local.hpp describes it.
#include "rules/pace.hpp"
#include "simulation/machine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace sched::simulation {

void SimulatedExecutor::die_at(Death here) {
  if (death == here) {
    death = Death::none;
    throw Crash();
  }
}

void SimulatedExecutor::open(model::LauncherId id) {
  machine_.open(id, this);
  mine_.insert(id);
  current_ = id;
}

bool SimulatedExecutor::take_over_is_due() const {
  return !cut_.empty();
}

std::vector<exec::Roster> SimulatedExecutor::take_over() {
  std::vector<exec::Roster> rosters;
  for (auto& [id, launcher] : machine_.launchers) {
    const bool own = launcher.owner == this;
    if (launcher.owner != nullptr && !own) {
      continue;
    }
    const bool is_news = !own || (!launcher.alive && !dead_.contains(id));
    launcher.owner = this;
    if (launcher.alive && is_news) {
      // What its dead worker still said comes first; then it knows us.
      machine_.serve(launcher);
      mine_.insert(id);
      current_ = current_ ? current_ : id;
    }
    if (!launcher.alive) {
      machine_.bury(launcher);
      mine_.erase(id);
      cut_.erase(id);
      dead_.insert(id);
      std::erase_if(with_us_, [id = id](const auto& entry) { return entry.second == id; });
      std::erase_if(suspended_, [&](const auto& claim) { return !with_us_.contains(claim); });
      current_ = current_ == id ? model::LauncherId() : current_;
    } else if (!is_news) {
      continue;
    }
    exec::Roster roster;
    roster.launcher = id;
    roster.alive = launcher.alive;
    for (const auto& [claim, ending] : launcher.journal) {
      if (ending) {
        roster.ended.push_back({claim, *ending});
      } else {
        roster.running.push_back(claim);
        if (launcher.alive) {
          with_us_[claim] = id;
        }
      }
    }
    for (const Launcher::Waiting& waiting : launcher.backlog) {
      roster.running.push_back(waiting.launch.claim);
      with_us_[waiting.launch.claim] = id;
    }
    rosters.push_back(std::move(roster));
  }
  return rosters;
}

void SimulatedExecutor::discard(model::LauncherId id) {
  dead_.erase(id);
  machine_.discard(id);
}

void SimulatedExecutor::close() {
  for (const model::LauncherId id : std::exchange(mine_, {})) {
    const auto found = machine_.launchers.find(id);
    if (found == machine_.launchers.end()) {
      continue;
    }
    machine_.serve(found->second);
    if (found->second.running.empty() && found->second.journal.empty() &&
        found->second.backlog.empty()) {
      machine_.discard(id);
    } else {
      found->second.owner = nullptr;
    }
  }
}

void SimulatedExecutor::start(std::vector<exec::Launch> launches, int slots) {
  die_at(Death::before_start);
  const auto found = machine_.launchers.find(current_);
  const bool cut = !current_ || cut_.contains(current_) || found == machine_.launchers.end();
  if (!cut && !launches.empty()) {
    const auto elsewhere =
        std::count_if(with_us_.begin(), with_us_.end(), [this](const auto& sent) {
          return sent.second != current_ && !suspended_.contains(sent.first);
        });
    found->second.inbox.emplace_back(
        Launcher::Room(std::max(1, slots - static_cast<int>(elsewhere))));
  }
  for (exec::Launch& launch : launches) {
    if (cut) {
      model::Ending never;
      never.kind = model::Ending::Kind::not_begun;
      never.code = ESRCH;
      untold_.push_back({launch.claim, never});
      continue;
    }
    machine_.note_sent(launch.claim);
    with_us_[launch.claim] = current_;
    if (found->second.alive) {
      found->second.inbox.emplace_back(std::move(launch));
    }
  }
  // What runs is bounded by the width that it was told; this is what waits with it.
  if (!launches.empty() &&
      with_us_.size() - suspended_.size() > static_cast<std::size_t>(slots + rules::k_most_ahead)) {
    throw Broken(fmt::format("{} attempts, {} of them suspended, are with a worker of {} slots",
                             with_us_.size(), suspended_.size(), slots));
  }
  die_at(Death::after_start);
}

std::vector<exec::Ended> SimulatedExecutor::poll() {
  std::vector<exec::Ended> ends = std::exchange(untold_, {});
  for (const model::LauncherId id : std::set<model::LauncherId>(mine_)) {
    Launcher& launcher = machine_.launchers.at(id);
    std::move(launcher.outbox.begin(), launcher.outbox.end(), std::back_inserter(ends));
    launcher.outbox.clear();
    if (!launcher.alive) {
      mine_.erase(id);
      cut_.insert(id);
      current_ = current_ == id ? model::LauncherId() : current_;
    }
  }
  for (const exec::Ended& end : ends) {
    with_us_.erase(end.claim);
    suspended_.erase(end.claim);
  }
  if (stale_word) {
    ends.push_back(*std::exchange(stale_word, std::nullopt));
  }
  return ends;
}

void SimulatedExecutor::cancel(const model::Claim& claim, model::Ending::Cause cause) {
  for (const model::LauncherId id : mine_) {
    machine_.launchers.at(id).inbox.emplace_back(Launcher::Cancel{claim, cause});
  }
}

void SimulatedExecutor::halt(const model::Claim& claim, bool still) {
  die_at(Death::before_halt);
  for (const model::LauncherId id : mine_) {
    machine_.launchers.at(id).inbox.emplace_back(Launcher::Halt{claim, still});
  }
}

void SimulatedExecutor::suspend(const model::Claim& claim) {
  if (with_us_.contains(claim)) {
    suspended_.insert(claim);
  }
  halt(claim, true);
}

void SimulatedExecutor::resume(const model::Claim& claim) {
  suspended_.erase(claim);
  halt(claim, false);
}

void SimulatedExecutor::forget(const std::vector<model::Claim>& claims) {
  die_at(Death::before_forget);
  for (const model::Claim& claim : claims) {
    with_us_.erase(claim);
    suspended_.erase(claim);
  }
  for (const model::LauncherId id : mine_) {
    machine_.launchers.at(id).inbox.emplace_back(claims);
  }
}

}  // namespace sched::simulation
