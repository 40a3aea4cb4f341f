#pragma once

#include "exec/presence.hpp"
#include "os/fd.hpp"
#include "os/poller.hpp"
#include "store/store.hpp"

#include <map>

namespace sched::worker {

/// A worker that claims nothing as long as another works, and is in its place at once when that one
/// dies, ends or is told to drain.
class Standby {
 public:
  Standby(exec::Presence& presence, store::Places places);
  /// Readable when one that works has died. Who drains rings the bell.
  int fd() const { return poller_.fd(); }
  /// Looks round. True when nobody else works: then we do, and others of our kind know it. To be
  /// called when fd() or the bell says so, and now and then besides.
  bool take_over();

 private:
  void watch(const std::vector<exec::WorkerInfo>& working);

  exec::Presence& presence_;
  store::Places places_;
  os::Poller poller_;
  std::map<int, os::UniqueFd> watched_;  ///< Pidfds of those that work, by pid.
};

}  // namespace sched::worker
