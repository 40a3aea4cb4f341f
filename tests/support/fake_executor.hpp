#pragma once

#include "exec/executor.hpp"
#include "exec/local.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

namespace sched::test {

/// Where a test lets the worker die.
struct Crash : std::runtime_error {
  Crash() : std::runtime_error("the worker dies here") {}
};

/// Carries nothing out: attempts run until a test ends them. Like a launcher it outlives workers: a
/// new one attaches with attach() and is told what goes on, ends that were not forgotten included.
class FakeExecutor : public exec::Executor {
 public:
  std::vector<exec::Launch> started;  ///< All that was ever handed over, in order.
  std::vector<std::pair<model::Claim, model::Ending::Cause>> cancels;
  std::vector<model::Claim> forgotten;
  std::set<model::Claim> suspended;
  std::vector<exec::Stray> untold_strays;
  enum class Death { none, before_start, after_start, before_suspend, before_forget };
  Death death = Death::none;  ///< The next call that fits throws Crash, once.

  void start(std::vector<exec::Launch> launches, int /*slots*/) override {
    die_at(Death::before_start);
    for (exec::Launch& launch : launches) {
      running_.insert(launch.claim);
      started.push_back(std::move(launch));
    }
    die_at(Death::after_start);
  }
  std::vector<exec::Ended> poll() override { return std::exchange(untold_, {}); }
  std::vector<exec::Stray> strays() override { return std::exchange(untold_strays, {}); }
  void cancel(const model::Claim& claim, model::Ending::Cause cause) override {
    cancels.emplace_back(claim, cause);
  }
  void suspend(const model::Claim& claim) override {
    die_at(Death::before_suspend);
    suspended.insert(claim);
  }
  void resume(const model::Claim& claim) override { suspended.erase(claim); }
  void forget(const std::vector<model::Claim>& claims) override {
    die_at(Death::before_forget);
    for (const model::Claim& claim : claims) {
      forgotten.push_back(claim);
      std::erase_if(ended_, [&](const exec::Ended& end) { return end.claim == claim; });
    }
  }

  /// An attempt ends so; poll() tells it.
  void end(const model::Claim& claim, const model::Ending& ending) {
    running_.erase(claim);
    suspended.erase(claim);
    ended_.push_back({claim, ending});
    untold_.push_back({claim, ending});
  }
  /// A word that no launcher should say.
  void say(const model::Claim& claim, const model::Ending& ending) {
    untold_.push_back({claim, ending});
  }

  /// What a worker that attaches hears; the dead one's unread words are in it.
  exec::Roster attach(model::LauncherId launcher) {
    untold_.clear();
    return {launcher, true, {running_.begin(), running_.end()}, ended_};
  }
  /// The journal of a launcher that has died.
  exec::Roster journal(model::LauncherId launcher) {
    exec::Roster roster = attach(launcher);
    roster.alive = false;
    return roster;
  }
  const std::set<model::Claim>& running() const { return running_; }

 private:
  void die_at(Death here) {
    if (death == here) {
      death = Death::none;
      throw Crash();
    }
  }

  std::set<model::Claim> running_;
  std::vector<exec::Ended> ended_;  ///< Not forgotten.
  std::vector<exec::Ended> untold_;
};

}  // namespace sched::test
