#pragma once

#include "store/attempts.hpp"
#include "store/bindings.hpp"
#include "store/database.hpp"
#include "store/launchers.hpp"
#include "store/listing.hpp"
#include "store/runs.hpp"
#include "store/tasks.hpp"
#include "store/timers.hpp"

#include <filesystem>
#include <string>

namespace sched::store {

/// Where the parts of a store stand in its directory.
struct Places {
  std::filesystem::path directory;
  std::filesystem::path database() const { return directory / "sched.db"; }
  std::filesystem::path logs() const { return directory / "logs"; }
  std::filesystem::path launchers() const { return directory / "launchers"; }
  std::filesystem::path bells() const { return directory / "bells"; }
};

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
  Runs& runs() { return runs_; }
  Attempts& attempts() { return attempts_; }
  Bindings& bindings() { return bindings_; }
  Launchers& launchers() { return launchers_; }
  Timers& timers() { return timers_; }
  Listing& listing() { return listing_; }

 private:
  Places places_;
  Database db_;
  Tasks tasks_;
  Runs runs_;
  Attempts attempts_;
  Bindings bindings_;
  Launchers launchers_;
  Timers timers_;
  Listing listing_;
};

}  // namespace sched::store
