#pragma once

#include "exec/child.hpp"
#include "exec/spawn.hpp"

#include <optional>

namespace sched::exec {

/// Starts the child of a plan in a PID namespace of its own.
///
/// The first process of such a namespace takes all others with it when it dies, and is immune to
/// signals that it does not wait for. So a process of ours stands there, and the command below it:
/// it hands SIGTERM on to everything in the namespace, reaps, and says how the command ended. What
/// comes back is that init: to kill it is to kill the whole, and the kernel does so when the
/// launcher dies. Without root the namespace has users of its own as well, in which the command is
/// who it was.
///
/// `status` in what comes back is for contained_status().
std::variant<Spawned, SpawnFailure> spawn_contained(ChildPlan plan);

/// The wait status of the command; empty when its init was killed before it could tell.
std::optional<int> contained_status(int status_fd);

}  // namespace sched::exec
