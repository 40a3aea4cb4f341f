#pragma once

#include "simulation/machine.hpp"
#include "simulation/operation.hpp"
#include "simulation/promises.hpp"
#include "simulation/site.hpp"
#include "simulation/worker_process.hpp"
#include "support/manual_clock.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sched::simulation {

/// The jumps of SQLite's machine in a pass, more or less.
constexpr unsigned k_ticks = 150;

/// All that a schedule happens to. Promises are checked after each operation.
class World {
 public:
  World(Site& site, const Schedule& schedule, bool tells);
  ~World();

  /// Throws Broken. What came of it, in words, when the world tells.
  std::string apply(const Operation& operation);
  /// What came of the last operation, though it broke a promise.
  const std::string& last_said() const { return last_said_; }
  /// Faults stop, everything is let go on; throws Broken if not all comes to an end.
  void quiet_down();

 private:
  std::string pass_time(const Operation& operation);
  std::string happen_to_worker(const Operation& operation);
  std::string happen_to_launcher(const Operation& operation);
  std::string happen_to_store(const Operation& operation);
  std::string people_do(const Operation& operation);

  WorkerProcess& rise(std::size_t worker);
  void die(std::size_t worker, std::size_t heard);
  std::string work(std::size_t worker);
  std::string end_attempt(std::uint32_t which, std::uint32_t how);
  std::string cut_power(const Operation& operation);
  std::string add(std::uint32_t seed);
  std::string change(const Operation& operation);
  std::string handle(const Operation& operation);
  std::string remove(model::TaskId task);
  std::string move_run(const Operation& operation);
  /// In a transaction; what was refused is told.
  std::string by_hand(const std::function<std::string()>& act);
  void check();
  void check_standstills(std::size_t worker);
  void check_restless(std::size_t worker, std::int64_t before);
  void let_people_finish();
  bool settle_down();

  Site& site_;
  store::Store& people() { return site_.people(); }
  bool tells_;
  test::ManualClock clock_;
  Machine machine_;
  Listener listener_;
  Promises promises_;
  std::uint32_t slots_;
  std::vector<std::unique_ptr<WorkerProcess>> workers_;
  std::vector<model::TaskId> tasks_;
  int names_ = 0;
  int boots_ = 1;
  int operations_ = 0;
  std::int64_t token_ = 0;
  std::vector<model::Claim> told_;  ///< Whose ends were told.
  Licence licence_;
  bool commit_in_doubt_ = false;
  bool comes_to_light_ = false;  ///< The next commit whose sync fails is there all the same.
  std::string last_said_;
};

}  // namespace sched::simulation
