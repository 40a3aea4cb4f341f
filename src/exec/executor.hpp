#pragma once

#include "model/claim.hpp"
#include "model/ending.hpp"
#include "model/machine_limits.hpp"
#include "model/needs.hpp"
#include "model/policy.hpp"
#include "time/instant.hpp"

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sched::exec {

/// All that a launcher must know to carry out one attempt. Plain values, ready for exec.
struct Launch {
  model::Claim claim;
  std::vector<std::string> argv;         ///< At least one; a program without '/' is looked up in
                                         ///< the PATH of `environment`.
  std::vector<std::string> environment;  ///< "NAME=VALUE": nothing is inherited beside it.
  std::string env_file;  ///< Read at the start, wins over `environment`; "" is none.
  std::string directory;
  mode_t umask = 022;
  std::optional<std::string> stdin_text;
  std::string stdin_file;  ///< Opened at the start; "" and no text: /dev/null.
  bool split_output = false;
  std::uint64_t log_limit_bytes = 64U << 20U;  ///< For stdout and stderr each.
  model::Limits limits;
  std::optional<int> nice;
  model::MachineLimits machine;  ///< Its prefix stands in `argv` already, and nothing grows here.
  bool pin = false;              ///< Without CPUs of its own: to the one of its slot.
  std::vector<model::FileLock> flocks;  ///< Held by the launcher from before exec to the end.
  bool contain = false;                 ///< In a PID namespace that ends with it.
  time::Duration timeout{};             ///< Wall clock of the attempt; 0 is none.
  time::Duration idle_timeout{};        ///< Without output; 0 is none.
  time::Duration until_deadline{};  ///< From its start, and while it is suspended too; 0 is none.
  time::Duration grace_kill = std::chrono::seconds(10);  ///< From SIGTERM to SIGKILL.
};

/// The word of an executor that an attempt is over.
struct Ended {
  model::Claim claim;
  model::Ending ending;
};

/// The word of an executor that processes of an attempt don't end, although they were killed.
struct Stray {
  model::Claim claim;     ///< Of run 0 where nobody knows whose they are.
  std::string processes;  ///< "pid 17 (cp)": they hang in the kernel, or became somebody else's.
};

/// How attempts are carried out. Virtual, because a test, a simulation and later other machines
/// stand in for the local launcher. No call blocks on the commands.
class Executor {
 public:
  virtual ~Executor() = default;

  /// Hands over attempts whose claims are committed. Every one of them is answered by exactly one
  /// Ended of poll(), now or after any number of restarts of the worker. At most `slots` run at a
  /// time, each told which one it has (SCHED_SLOT, from 1); the others begin in their order as
  /// those before them end, or are answered as not begun when that takes too long.
  virtual void start(std::vector<Launch> launches, int slots) = 0;

  /// The ends that have come since the last call; never waits.
  virtual std::vector<Ended> poll() = 0;

  /// The strays that were found since the last call, an attempt's all anew when there are more.
  virtual std::vector<Stray> strays() { return {}; }

  /// Ends an attempt: SIGTERM, after its grace SIGKILL. `cause` comes back in its Ending. What is
  /// not running any more is passed over.
  virtual void cancel(const model::Claim& claim, model::Ending::Cause cause) = 0;

  /// Stops all processes of an attempt, and the clocks of its time limits; its slot is free.
  /// resume() has them go on. Told twice, either does nothing more; nor does it of what is not
  /// running any more or is being ended.
  virtual void suspend(const model::Claim& claim) = 0;
  virtual void resume(const model::Claim& claim) = 0;

  /// Whether this attempt's end can still be told by poll(), as far as is known; not so when what
  /// carries it out has died, and only a take-over can tell what became of it.
  virtual bool answers_for(const model::Claim& /*claim*/) const { return true; }

  /// These ends are in the store for good: the executor may forget them.
  virtual void forget(const std::vector<model::Claim>& claims) = 0;
};

}  // namespace sched::exec
