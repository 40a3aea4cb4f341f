#pragma once

#include "exec/handover.hpp"
#include "model/ids.hpp"
#include "model/throttle.hpp"
#include "os/fd.hpp"
#include "time/instant.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sched::exec {

enum class WorkerState {
  working,
  standby,   ///< Claims nothing as long as another works.
  draining,  ///< Starts nothing new, ends when what runs has ended.
  ending,    ///< Ends what runs, and then itself.
};
const char* to_string(WorkerState state);

/// A worker's sign of life: the file STORE/workers/PID, whose flock it holds as long as it lives,
/// through a reload as well. What the file says is for others to read; that it is locked is what
/// counts.
class Presence {
 public:
  /// Takes the lock that an earlier program of this process handed over, else makes the file. Also
  /// clears away what dead workers have left. Throws base::Error.
  Presence(const std::filesystem::path& workers, int slots, WorkerState state, Handed& handed);
  ~Presence();
  Presence(const Presence&) = delete;
  Presence& operator=(const Presence&) = delete;

  WorkerState state() const { return state_; }
  void say(WorkerState state);
  /// For a worker whose number of slots follows what the machine bears.
  void say(const model::Throttle& throttle);
  /// What was said of it last, by an earlier program of this process too.
  const std::optional<model::Throttle>& throttle() const { return throttle_; }
  /// What reload() hands over of it.
  Held held() const;

 private:
  void sign() const;

  std::filesystem::path path_;
  os::UniqueFd lock_;
  int slots_;
  std::optional<model::Throttle> throttle_;
  WorkerState state_;
  time::Instant since_;
};

/// A launcher, as far as can be seen from outside.
struct LauncherInfo {
  model::LauncherId id;
  int pid = 0;  ///< 0: not begun yet.
  bool alive = false;
};

/// A worker that lives, as its files tell. For `status`, `explain` and `worker`.
struct WorkerInfo {
  int pid = 0;
  int slots = 0;                            ///< At present.
  std::optional<model::Throttle> throttle;  ///< Where their number follows the machine.
  time::Instant started_at{};
  WorkerState state = WorkerState::working;
  std::vector<LauncherInfo> launchers;  ///< Whose attempts it settles.
};

/// The living workers of a store, in the order of their pids. Takes no lock that could disturb
/// them.
std::vector<WorkerInfo> living_workers(const std::filesystem::path& launchers);

/// What is asked of a worker from outside.
enum class WorkerOrder { drain, stop };
/// Tells it to a worker, and to no other process that got its pid: false when it is gone already.
/// `gone` becomes readable at its end. Throws base::Error when it may not be signalled.
bool tell_worker(const std::filesystem::path& launchers, int pid, WorkerOrder order,
                 os::UniqueFd& gone);

}  // namespace sched::exec
