#pragma once

#include "model/ending.hpp"
#include "os/cpu_binding.hpp"
#include "os/limits.hpp"

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace sched::exec {

/// All that a child needs between clone and exec, prepared by its parent: in the child, which
/// borrows the parent's memory, nothing may be allocated or looked up.
struct ChildPlan {
  const char* const* argv = nullptr;  ///< All three end with nullptr.
  const char* const* environment = nullptr;
  const char* const* programs = nullptr;  ///< Paths to try in this order.
  const char* directory = "/";
  mode_t umask = 022;
  os::ResourceLimits limits;
  std::uint64_t open_files = 1024;  ///< Soft limit, unless `limits` has one: our own was raised.
  const int* changed_signals = nullptr;
  std::size_t changed_signal_count = 0;
  std::optional<int> nice;
  os::CpuBinding* cpus = nullptr;  ///< Empty: wherever the launcher may run.
  int io_class = 0;                ///< As the kernel numbers them; 0: the launcher's own.
  int io_level = 0;
  const int* cgroups = nullptr;  ///< Where it enters the groups that bound it.
  std::size_t cgroup_count = 0;
  int input = -1;
  int output = -1;
  int error = -1;
  pid_t parent = 0;  ///< Who must still be our parent for the child to go on.

  /// Written by the child when it could not execute.
  model::Ending::Step failed_step = model::Ending::Step::none;
  int failed_errno = 0;
};

/// The body of the child: session, limits, directory, descriptors, exec. Returns only on failure,
/// which it has noted in the plan. For os::clone_borrowing, `argument` is a ChildPlan*.
int run_child(void* argument);

}  // namespace sched::exec
