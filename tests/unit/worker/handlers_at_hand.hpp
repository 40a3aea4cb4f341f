#pragma once

#include "unit/worker/worker_at_hand.hpp"
#include "worker/by_hand.hpp"

#include <string>
#include <vector>

namespace sched::test {

using model::HandlerKind;

/// A worker on tasks that run at the ends of others.
struct HandlerShop : Shop {
  explicit HandlerShop(int slots = 8) : Shop(slots) {}

  void handle(const std::string& name, HandlerKind kind, const std::vector<std::string>& handlers) {
    store::Transaction change(store.db());
    std::vector<model::TaskId> ids;
    for (const std::string& handler : handlers) {
      ids.push_back(task(handler).id);
    }
    store.handlers().set(task(name).id, kind, ids);
    change.commit();
  }
  /// Starts the newest run of the task, if it has not begun, and ends it so.
  void run_to_end(const std::string& name, const model::Ending& ending) {
    step();
    end(name, ending);
    step();
  }
  void fail(const std::string& name) { run_to_end(name, exited(1)); }
  void succeed(const std::string& name) { run_to_end(name, exited(0)); }
  void retry(const std::string& name, bool downstream = false) {
    store::Transaction change(store.db());
    worker::retry_run(store, store.runs().newest_of(task(name).id)->id, downstream, now());
    change.commit();
  }
  std::string resolution(const std::string& name) { return run(name).resolution; }
};

}  // namespace sched::test
