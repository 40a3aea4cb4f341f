#pragma once

#include "model/shed.hpp"
#include "simulation/machine.hpp"
#include "store/store.hpp"
#include "worker/inheritance.hpp"
#include "worker/observer.hpp"
#include "worker/worker.hpp"

#include <string>
#include <vector>

namespace sched::simulation {

/// Listens and, for a replay, remembers.
class Listener : public worker::Observer {
 public:
  std::vector<std::string> lines;
  bool listens = false;
  void told(const worker::Notice& notice) override;
  void warned(const std::string& what) override;
};

/// A worker while it lives: what worker/service does between its waits, over simulated launchers.
class WorkerProcess {
 public:
  WorkerProcess(store::Store& store, Machine& machine, const time::Clock& clock, Listener& listener,
                int slots, std::function<std::int64_t()> token);

  enum class State { working, done, refused };
  /// One pass. Whoever kills the worker in it throws SimulatedExecutor::Crash.
  State pass();
  void drain() { worker_.drain(); }
  void end_children() { worker_.end_children(); }
  worker::Worker& worker() { return worker_; }
  SimulatedExecutor& executor() { return executor_; }
  model::Shed sheds = model::Shed::never;  ///< In its next pass, as if memory lacked.
  std::string refusal;                     ///< What the store said when it refused.

 private:
  void settle_the_dead();
  void discard_settled();
  void fire_once_a_boot();
  void open_launcher();

  store::Store& store_;
  const time::Clock& clock_;
  SimulatedExecutor executor_;
  worker::Worker worker_;
  std::string boot_;
  worker::Inheritance inheritance_;
  time::Duration next_look_round_{};
  bool fired_at_boot_ = false;
};

}  // namespace sched::simulation
