#pragma once

#include "exec/executor.hpp"

#include <sys/types.h>

#include <utility>
#include <vector>

namespace sched::exec {

/// Processes that don't end, each with the attempt that left it (a claim of run 0: nobody knows
/// which).
using Survivors = std::vector<std::pair<model::Claim, pid_t>>;

/// One Stray for each claim: "pid 17 (cp), pid 19 (dd)", the first few by name.
std::vector<Stray> report(const Survivors& survivors);

/// After so long a SIGKILL that was to work has not: the process hangs in the kernel, or it is not
/// ours to kill.
inline constexpr time::Duration k_stuck_after(2000);

}  // namespace sched::exec
