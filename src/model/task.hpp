#pragma once

#include "model/deadline.hpp"
#include "model/dependency.hpp"
#include "model/guard.hpp"
#include "model/ids.hpp"
#include "model/machine_limits.hpp"
#include "model/max_fails.hpp"
#include "model/needs.hpp"
#include "model/policy.hpp"
#include "model/queue.hpp"
#include "model/schedule.hpp"
#include "time/instant.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sched::model {

/// What is executed.
struct Command {
  std::vector<std::string>
      argv;  ///< As it is; with `shell` its one element is a text for /bin/sh -c.
  bool shell = false;
  bool operator==(const Command&) const = default;
};

/// On one line, as a shell would read it back.
std::string to_string(const Command& command);

/// What is captured from the one who adds the task.
struct Surroundings {
  std::string directory;
  int umask = 022;
  std::map<std::string, std::string, std::less<>> environment;
  bool operator==(const Surroundings&) const = default;
};

/// What makes a task fire.
enum class TriggerKind {
  once,      ///< At one moment (default: now).
  upstream,  ///< Dependencies and nothing else.
  manual,    ///< Only `sched start`.
  timed,     ///< At the moments of its schedule.
};
const char* to_string(TriggerKind kind);
std::optional<TriggerKind> parse_trigger_kind(std::string_view text);

constexpr std::uint64_t k_default_log_limit = 64ULL << 20U;
constexpr time::Duration k_default_grace_kill = std::chrono::seconds(10);

/// What was asked for.
struct Task {
  TaskId id;
  std::string name;  ///< Unique in the store; "" for one without.
  std::string key;   ///< Idempotency key; "" for none.

  Command command;
  Surroundings surroundings;
  std::string env_file;  ///< Absolute; "" is none.
  std::optional<std::string> stdin_text;
  std::string stdin_file;  ///< Absolute; "" is none.
  bool split_output = false;
  std::uint64_t log_limit_bytes = k_default_log_limit;

  TriggerKind trigger = TriggerKind::once;
  std::optional<time::Instant> at;       ///< The moment of `once`.
  std::optional<Schedule> schedule;      ///< Of `timed`, and only there.
  std::optional<time::Instant> next_at;  ///< Its next firing; empty when none is known.
  bool awaits_end = false;               ///< It is to be counted from the end of a run.
  std::optional<int> runs_left;          ///< Of a schedule with a count.
  std::string boot_id;                   ///< Of an @reboot: the boot that it has fired for.
  Join join;
  bool repeats = false;  ///< It or something above it fires more than once: its runs come with
                         ///< those firings, not at `add`.

  RetryPolicy retry;
  Limits limits;
  std::optional<int> nice;
  MachineLimits machine;          ///< CPUs, disks, and what is watched.
  bool preemptible = false;       ///< Its runs give way to those of queues that preempt.
  bool contain = false;           ///< It runs in a PID namespace of its own.
  time::Duration timeout{};       ///< 0 is none.
  time::Duration idle_timeout{};  ///< 0 is none.
  time::Duration grace_kill = k_default_grace_kill;

  TaskDeadlines deadlines;             ///< By when its runs are to have ended.
  QueueId queue = k_default_queue;     ///< Where its runs wait for their turn.
  Needs needs;                         ///< Beside a slot.
  int priority = 0;                    ///< Higher goes first; -1000 to 1000.
  std::optional<BreakerRule> breaker;  ///< Its guard in the store remembers how it stands.
  time::Duration breaker_cooldown = k_default_cooldown;
  std::vector<std::string> tags;
  bool paused = false;  ///< No new runs start.
  MaxFails max_fails;
  bool has_handlers = false;  ///< Others run at the ends of its runs. The store knows; not written.
  time::Instant created_at{};
};

/// What people call it: its name, or "task-17".
std::string label(const Task& task);
std::string label(TaskId id, const std::string& name);
std::string label(RunId id);  ///< "run-17"

}  // namespace sched::model
