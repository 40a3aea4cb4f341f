#pragma once

#include "model/throttle.hpp"
#include "store/store.hpp"
#include "time/clock.hpp"
#include "worker/observer.hpp"

#include <functional>
#include <optional>

namespace sched::worker {

struct ServiceOptions {
  int slots = 1;
  std::optional<model::SlotRange> range;  ///< Their number follows what the machine bears.
  model::Shed shed = model::Shed::never;  ///< Whom it ends for want of memory; with a range only.
  bool until_idle = false;
  bool standby = false;  ///< Claims nothing as long as another worker works.
  bool pin = false;      ///< Attempts are bound to the CPU of their slot.
  /// Called between passes, at least that often (0: never): a progress bar draws itself.
  time::Duration tick{};
  std::function<void()> on_tick;
};

enum class ServiceEnd {
  idle,
  drained,
  ended,  ///< With what ran, because a person asked twice.
  left,   ///< What ran goes on.
};

/// The life of a worker: takes over what dead workers left, passes through Worker::step() whenever
/// something happened, and sleeps in between. Signals are orders (worker/orders.hpp). A service
/// manager that started it is kept informed. Throws base::Error when it can't begin.
ServiceEnd serve(store::Store& store, const time::Clock& clock, Observer& observer,
                 const ServiceOptions& options);

}  // namespace sched::worker
