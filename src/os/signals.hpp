#pragma once

#include "os/fd.hpp"

#include <cstddef>
#include <vector>

namespace sched::os {

/// Blocks the given signals for this thread and makes them readable instead. They stay blocked
/// after it: an exec'ed child must unblock them.
class SignalFd {
 public:
  /// Throws base::Error when the kernel has no descriptor left.
  explicit SignalFd(const std::vector<int>& signals);
  int fd() const { return fd_.get(); }
  /// The signals that came since the last call; never waits.
  std::vector<int> take();

 private:
  UniqueFd fd_;
};

/// Ignores a signal in this process (and what it executes, unless reset).
void ignore_signal(int signal);

/// Whether it is ignored: so left by who started us, unless we did it.
bool is_ignored(int signal);

/// Those that are ignored or have a handler.
std::vector<int> changed_signals();

/// The default for each of these, and an empty mask, as a command expects it. Safe between vfork
/// and exec.
void reset_signals(const int* changed, std::size_t count);

/// "SIGTERM" for 15; "unknown signal" for what has no name.
const char* signal_name(int signal);

}  // namespace sched::os
