#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace sched::exec {

/// Processes that are stopped together, and later go on together.
class Standstill {
 public:
  /// Stops what `find` names. It is asked again until it names nothing new, for what forks while it
  /// is looked at must not slip through. What was stopped already is somebody else's doing.
  void stop(const std::function<std::vector<pid_t>()>& find);
  /// Has those that it stopped go on; the last first, so that parents never see a stopped child.
  void go_on();

 private:
  std::vector<std::pair<pid_t, std::uint64_t>> stopped_;  ///< With their start in ticks.
};

}  // namespace sched::exec
