#pragma once

#include "time/instant.hpp"

namespace sched::time {

/// The one source of "now". Only cli and worker hold one; everything below is told the moment.
class Clock {
 public:
  virtual ~Clock() = default;
  /// The wall clock: may jump in either direction.
  virtual Instant now() const = 0;
  /// Time since an arbitrary start that never jumps: what delays and timeouts are counted in.
  virtual Duration monotonic() const = 0;
};

}  // namespace sched::time
