#pragma once

#include "exec/spawn.hpp"
#include "model/needs.hpp"
#include "os/fd.hpp"

#include <optional>
#include <vector>

namespace sched::exec {

/// The flocks of an attempt, held as long as the descriptors are open: by the launcher, for the
/// command inherits none of them. So the kernel frees them when the launcher dies, which takes the
/// attempt with it.
struct FileLocks {
  std::vector<os::UniqueFd> held;
  std::optional<SpawnFailure> failure;  ///< Then none is held.
  /// Somebody else has one of them.
  bool is_taken() const {
    return failure.has_value() && failure->kind == model::Ending::Kind::not_begun;
  }
};

/// Takes all of them at once or none; never waits. Files are made when they are not there, as
/// flock(1) makes them.
FileLocks take_file_locks(const std::vector<model::FileLock>& files);

}  // namespace sched::exec
