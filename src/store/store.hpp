#pragma once

#include "os/fd.hpp"
#include "store/attempts.hpp"
#include "store/bindings.hpp"
#include "store/database.hpp"
#include "store/dead_letters.hpp"
#include "store/deadlines.hpp"
#include "store/guards.hpp"
#include "store/handlers.hpp"
#include "store/lanes.hpp"
#include "store/launchers.hpp"
#include "store/listing.hpp"
#include "store/places.hpp"
#include "store/queues.hpp"
#include "store/resources.hpp"
#include "store/runs.hpp"
#include "store/suspensions.hpp"
#include "store/tasks.hpp"
#include "store/timers.hpp"

namespace sched::store {

/// The open store: it hands out what is remembered.
///
/// Opening makes the directory (0700) and the file (0600) when there is none, brings the schema up,
/// and refuses with ErrorKind::store what can't be trusted: a network file system, somebody else's
/// files, open permissions, a foreign, damaged, empty or newer file, and a store whose file is gone
/// though a worker's traces are there.
class Store {
 public:
  explicit Store(Places places);

  const Places& places() const { return places_; }
  Database& db() { return db_; }
  Tasks& tasks() { return tasks_; }
  Queues& queues() { return queues_; }
  Lanes& lanes() { return lanes_; }
  Resources& resources() { return resources_; }
  Guards& guards() { return guards_; }
  Runs& runs() { return runs_; }
  Suspensions& suspensions() { return suspensions_; }
  Attempts& attempts() { return attempts_; }
  Deadlines& deadlines() { return deadlines_; }
  DeadLetters& dead_letters() { return dead_letters_; }
  Bindings& bindings() { return bindings_; }
  Handlers& handlers() { return handlers_; }
  Launchers& launchers() { return launchers_; }
  Timers& timers() { return timers_; }
  Listing& listing() { return listing_; }

 private:
  Places places_;
  os::UniqueFd occupied_;
  Database db_;
  Tasks tasks_;
  Queues queues_;
  Lanes lanes_;
  Resources resources_;
  Guards guards_;
  Runs runs_;
  Suspensions suspensions_;
  Attempts attempts_;
  Deadlines deadlines_;
  DeadLetters dead_letters_;
  Bindings bindings_;
  Handlers handlers_;
  Launchers launchers_;
  Timers timers_;
  Listing listing_;
};

}  // namespace sched::store
