#pragma once

#include "exec/local.hpp"
#include "exec/presence.hpp"
#include "store/store.hpp"
#include "time/clock.hpp"
#include "worker/adapt.hpp"
#include "worker/inheritance.hpp"
#include "worker/service.hpp"
#include "worker/wakeups.hpp"
#include "worker/worker.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace sched::worker {

/// How often to look at a store that was changed without a ring, and for workers that came or went.
inline constexpr time::Duration k_slow_pace = std::chrono::seconds(2);
/// The same while nothing is queued or runs: nobody waits for us then who could not ring. To wake
/// is most of what an idle worker costs.
inline constexpr time::Duration k_resting_pace = 2 * k_slow_pace;

/// What a worker sees to around its passes: launchers of dead workers and dead launchers, a
/// launcher of its own, what is due once a boot, room on the disk, the length of the write-ahead
/// log. Throws base::Error like a pass.
class Upkeep {
 public:
  Upkeep(store::Store& store, const time::Clock& clock, Observer& observer,
         exec::LocalExecutor& executor, Worker& worker, exec::Presence& presence,
         const ServiceOptions& options);
  /// Has what tells of pressure heard; heard_pressure() when it did.
  void watch_pressure(Wakeups& wakeups);
  void heard_pressure() { adapter_->hasten(); }
  void before_pass();
  void after_pass();
  /// Why nothing is started though the store can be written; "" when there is no reason.
  const std::string& shortage() const { return shortage_; }

 private:
  void look_at_space();
  void look_at_pressure();
  void shed_for_memory();
  void show_throttle();
  void shorten_log();
  void settle_the_dead();
  void fire_once_a_boot();
  void open_launcher();
  void learn_of(model::LauncherId launcher);
  void remove_gone_launchers();

  store::Store& store_;
  const time::Clock& clock_;
  Observer& observer_;
  exec::LocalExecutor& executor_;
  Worker& worker_;
  exec::Presence& presence_;
  std::optional<Adapter> adapter_;
  const std::string boot_;
  Inheritance inheritance_;
  model::LauncherId known_;  ///< The store has a row for it.
  time::Duration next_look_round_{};
  std::filesystem::file_time_type launchers_changed_{};  ///< When the last look began.
  bool fired_at_boot_ = false;
  std::string shortage_;  ///< Of room on the disk, or else of memory.
  bool lacks_space_ = false;
  time::Duration next_checkpoint_{};
  bool warned_of_log_ = false;
  std::optional<std::string> reader_;  ///< Who read at the last try to shorten the log.
};

}  // namespace sched::worker
