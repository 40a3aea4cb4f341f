#pragma once

#include "exec/executor.hpp"

#include <chrono>
#include <utility>
#include <vector>

namespace sched::bench {

/// Every attempt has ended well as soon as it is asked for.
class Instantly : public exec::Executor {
 public:
  void start(std::vector<exec::Launch> launches, int /*slots*/) override {
    for (const exec::Launch& launch : launches) {
      exec::Ended ended;
      ended.claim = launch.claim;
      ended.ending.kind = model::Ending::Kind::exited;
      ended.ending.started_at = ended.ending.ended_at = now;
      ended.ending.elapsed = std::chrono::hours(1);  // Else more would be claimed than was asked.
      ended_.push_back(ended);
    }
    started += static_cast<int>(launches.size());
  }
  std::vector<exec::Ended> poll() override { return std::exchange(ended_, {}); }
  void cancel(const model::Claim& /*claim*/, model::Ending::Cause /*cause*/) override {}
  void suspend(const model::Claim& /*claim*/) override {}
  void resume(const model::Claim& /*claim*/) override {}
  void forget(const std::vector<model::Claim>& /*claims*/) override {}

  time::Instant now{};
  int started = 0;

 private:
  std::vector<exec::Ended> ended_;
};

}  // namespace sched::bench
