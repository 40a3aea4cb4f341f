#pragma once

#include "store/store.hpp"
#include "time/clock.hpp"
#include "worker/observer.hpp"

#include <functional>

namespace sched::worker {

struct ServiceOptions {
  int slots = 1;
  bool until_idle = false;
  /// Called between passes, at least that often (0: never): a progress bar draws itself.
  time::Duration tick{};
  std::function<void()> on_tick;
};

enum class ServiceEnd { idle, drained, ended };

/// The life of a worker: takes over what dead workers left, passes through Worker::step() whenever
/// something happened, and sleeps in between. SIGTERM, SIGINT and SIGHUP drain: nothing new starts,
/// what runs may end; a second one ends the children. Throws base::Error when it can't begin.
ServiceEnd serve(store::Store& store, const time::Clock& clock, Observer& observer,
                 const ServiceOptions& options);

}  // namespace sched::worker
