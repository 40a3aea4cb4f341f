#pragma once

#include "exec/spawn.hpp"
#include "os/limit_group.hpp"

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace sched::exec {

/// The cgroups of a launcher in which the kernel holds the limits of attempts, one for each attempt
/// that has any of them.
class LimitGroups {
 public:
  explicit LimitGroups(os::CgroupPlaces places) : places_(std::move(places)) {}

  /// What an attempt is to be in; empty where it needs none, or where none can be made and its
  /// memory is watched instead. A failure where there is nothing that stands in for it.
  std::variant<std::optional<os::LimitGroup>, SpawnFailure> make(
      const model::MachineLimits& machine);

  /// The attempt is over: its groups go when the last of its processes is gone.
  void leave(std::optional<os::LimitGroup> group);
  /// Removes those that are empty by now. To be called after every SIGCHLD.
  void sweep();

 private:
  os::CgroupPlaces places_;
  std::int64_t made_ = 0;
  std::vector<os::LimitGroup> left_;
};

}  // namespace sched::exec
