#pragma once

#include "time/clock.hpp"

namespace sched::test {

/// A clock that stands still until a test moves it. Both hands move together; jump() moves the wall
/// alone.
class ManualClock : public time::Clock {
 public:
  explicit ManualClock(time::Instant start = time::from_ms(1'800'000'000'000)) : now_(start) {}

  time::Instant now() const override { return now_; }
  time::Duration monotonic() const override { return elapsed_; }

  void pass(time::Duration duration) {
    now_ += duration;
    elapsed_ += duration;
  }
  void jump(time::Duration duration) { now_ += duration; }

 private:
  time::Instant now_;
  time::Duration elapsed_{};
};

}  // namespace sched::test
