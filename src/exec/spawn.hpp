#pragma once

#include "exec/executor.hpp"
#include "os/fd.hpp"
#include "os/limit_group.hpp"

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sched::exec {

/// A command that executes. The pipes carry what it writes; `err` is empty when both go into one.
struct Spawned {
  pid_t pid = 0;
  std::uint64_t start_ticks = 0;  ///< As os::ProcessStat has it.
  os::UniqueFd pidfd;
  os::UniqueFd out;
  os::UniqueFd err;
  os::UniqueFd status;  ///< Of a contained one, whose process is its init: contained_status().
  std::vector<os::UniqueFd> locks;      ///< Files whose flock is held as long as these are open.
  std::optional<os::LimitGroup> group;  ///< What it is in beside the launcher's own.
};

/// Why it does not: kind not_executed (with the step) or not_begun, and the errno.
struct SpawnFailure {
  model::Ending::Kind kind = model::Ending::Kind::not_executed;
  model::Ending::Step step = model::Ending::Step::none;
  int code = 0;
};

/// Not begun where the machine is short of something just now, else not executed.
SpawnFailure failure_of(model::Ending::Step step, int number);

/// What a child has from us unless it is undone, found out once.
struct Inherited {
  std::uint64_t open_files =
      1024;  ///< The soft limit that a command gets unless its launch has one.
  std::vector<int> changed_signals;  ///< Ignored or with a handler; a command has none.
};

/// Starts the command of a launch as our child, in a session of its own, and returns when it
/// executes or has failed to. `cgroups` are the entrances of groups that it is to be in.
std::variant<Spawned, SpawnFailure> spawn(const Launch& launch, const Inherited& inherited,
                                          const std::vector<int>& cgroups = {});

/// Where a program may lie: itself when it has a '/', else in each directory of `path`.
std::vector<std::string> program_candidates(const std::string& program, std::string_view path);

}  // namespace sched::exec
