#pragma once

#include "exec/local.hpp"
#include "store/store.hpp"
#include "worker/worker.hpp"

#include <set>
#include <string>
#include <vector>

namespace sched::worker {

/// What a worker takes over from dead ones, from when it hears of it until it is in the store. An
/// executor tells of a living launcher once: a store that can't be read just then must not lose it.
class Inheritance {
 public:
  Inheritance(store::Store& store, std::string boot) : store_(store), boot_(std::move(boot)) {}

  void take(std::vector<exec::Roster> rosters);
  /// Something was taken, and not given to the worker yet.
  bool is_open() const { return !rosters_.empty(); }
  /// Compares what was taken with the store (see recover()): the worker gets the ends and what goes
  /// on, the executor may forget what was settled already. Throws base::Error, and may be called
  /// again then.
  void settle(Worker& worker, exec::Executor& executor);
  /// Dead launchers of which all is in the store by now, each told once: they may be discarded.
  std::vector<model::LauncherId> settled();

 private:
  store::Store& store_;
  std::string boot_;
  std::vector<exec::Roster> rosters_;
  std::set<model::LauncherId> dead_;
};

}  // namespace sched::worker
