#pragma once

#include "time/clock.hpp"

namespace sched::os {

/// The machine's own clocks.
class SystemClock : public time::Clock {
 public:
  time::Instant now() const override;
  time::Duration monotonic() const override;
};

/// The same two readings for what lies below the rooms that hold a Clock: a launcher has to note
/// moments and keep timeouts on its own.
time::Instant wall_now();
time::Duration monotonic_now();

}  // namespace sched::os
