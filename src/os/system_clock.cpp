#include "os/system_clock.hpp"

#include <ctime>

namespace sched::os {

time::Instant wall_now() {
  return std::chrono::floor<time::Duration>(std::chrono::system_clock::now());
}

time::Duration monotonic_now() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::chrono::duration_cast<time::Duration>(std::chrono::seconds(now.tv_sec) +
                                                    std::chrono::nanoseconds(now.tv_nsec));
}

time::Instant SystemClock::now() const {
  return wall_now();
}
time::Duration SystemClock::monotonic() const {
  return monotonic_now();
}

}  // namespace sched::os
