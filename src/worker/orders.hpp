#pragma once

#include "os/signals.hpp"

#include <vector>

namespace sched::worker {

/// What a signal asks of a worker.
enum class Order {
  drain,   ///< Start nothing new, end when what runs has ended; asked again: stop.
  stop,    ///< End what runs, and then.
  leave,   ///< End at once and let what runs go on: the next worker takes it over.
  reload,  ///< Execute the program anew, in the same process.
};

/// The signals to a worker, as orders: SIGTERM and SIGINT drain, SIGUSR1 stops, SIGQUIT leaves.
/// SIGHUP reloads a worker that goes on for ever without a terminal; to one on a terminal it says
/// that the terminal is gone, and drains. Where SIGHUP was ignored before us (nohup), it stays so.
class Orders {
 public:
  /// Throws base::Error when the kernel has no descriptor left.
  explicit Orders(bool may_reload);
  int fd() const { return signals_.fd(); }
  /// Those that came since the last call; never waits.
  std::vector<Order> take();

 private:
  bool hangup_reloads_;
  os::SignalFd signals_;
};

}  // namespace sched::worker
