#pragma once

#include "os/fd.hpp"
#include "time/instant.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace sched::os {

/// Something that is ready. `key` is what the descriptor was added with; a descriptor that was hung
/// up or broke counts as readable, so that the reader meets the end.
struct Ready {
  std::uint64_t key = 0;
  bool readable = false;
  bool writable = false;
};

/// Waits for many descriptors at once (epoll, level-triggered).
class Poller {
 public:
  /// Throws base::Error when the kernel has no descriptor left.
  Poller();
  /// false with errno set when the kernel has no room (or can't wait for this kind of file).
  bool add(int fd, std::uint64_t key, bool want_write = false);
  /// The same for a file that is ready only when something urgent is to be told (EPOLLPRI).
  bool add_urgent(int fd, std::uint64_t key);
  void want_write(int fd, std::uint64_t key, bool wanted);
  void remove(int fd);
  /// What is ready, at most 256 at a time; empty after `timeout`, or when a signal came. No timeout
  /// waits for ever.
  std::vector<Ready> wait(std::optional<time::Duration> timeout);
  /// Readable itself while something in it is ready.
  int fd() const { return fd_.get(); }

 private:
  UniqueFd fd_;
};

/// A descriptor that becomes readable at a moment of the wall clock, and when that clock is set.
class WallTimer {
 public:
  WallTimer();  ///< Throws base::Error.
  int fd() const { return fd_.get(); }
  /// A moment that has passed is ready at once; empty is never.
  void set(std::optional<time::Instant> moment);
  enum class Wakeup { none, reached, clock_was_set };
  /// Why it was readable; never waits. After clock_was_set it must be set anew.
  Wakeup take();

 private:
  UniqueFd fd_;
};

}  // namespace sched::os
