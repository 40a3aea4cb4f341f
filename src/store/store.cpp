#include "store/store.hpp"

#include "os/facts.hpp"
#include "os/file.hpp"
#include "os/lock.hpp"
#include "store/migrator.hpp"
#include "store/occupancy.hpp"

#include <fmt/format.h>

#include <fcntl.h>

#include <utility>

namespace sched::store {
namespace {

/// A worker was here: then a missing database is a loss to be told, never a fresh start.
bool has_traces(const Places& places) {
  std::error_code failure;
  for (const std::filesystem::path& path : {places.launchers(), places.logs()}) {
    if (std::filesystem::is_directory(path, failure) && !std::filesystem::is_empty(path, failure)) {
      return true;
    }
  }
  return std::filesystem::exists(places.database().string() + "-wal", failure);
}

/// Written under another name and renamed when it is whole, so that a database that is there is
/// never half made, and an empty one is damage. The lock lets one of several beginners do it.
void create_database(const Places& places) {
  const os::UniqueFd lock = os::open_private(places.directory / "create.lock", O_RDWR | O_CREAT);
  constexpr time::Duration k_patience = std::chrono::seconds(10);
  if (!lock) {
    throw refusal(places.directory, "nothing can be made in it",
                  "check its permissions, or choose another place with --store");
  }
  if (!os::try_lock(lock.get(), k_patience)) {
    throw refusal(places.directory, "somebody else has been creating it for ten seconds",
                  "try again");
  }
  if (os::find_facts(places.database())) {
    return;
  }
  if (has_traces(places)) {
    throw refusal(places.database(), "the file is gone, though logs or journals of it are there",
                  "restore a backup, or move the directory away to begin anew");
  }
  const std::filesystem::path fresh = places.directory / "sched.db.new";
  std::error_code failure;
  for (const char* tail : {"", "-wal", "-shm", "-journal"}) {
    std::filesystem::remove(fresh.string() + tail, failure);
  }
  if (!os::open_private(fresh, O_RDWR | O_CREAT | O_EXCL)) {
    throw refusal(fresh, "can't be made", "check the permissions of the directory");
  }
  {
    Database db(fresh.string(), Database::Mode::create);
    migrate(db, fresh.string());
    if (!db.checkpoint()) {
      throw refusal(fresh, "it can't be written whole", "try again");
    }
  }
  // Before the rename: after it nobody would come by again to remove what a crash leaves.
  for (const char* tail : {"-wal", "-shm"}) {
    std::filesystem::remove(fresh.string() + tail, failure);
  }
  std::filesystem::rename(fresh, places.database(), failure);
  if (failure) {
    throw refusal(places.database(), failure.message(), "check the permissions of the directory");
  }
  os::sync_directory(places.directory);
}

std::string prepare_database(const Places& places) {
  const auto facts = os::find_facts(places.database());
  if (!facts) {
    create_database(places);
  } else if (facts->bytes == 0) {
    throw refusal(places.database(), "the file is empty: it was truncated",
                  "restore a backup; nothing was changed");
  }
  for (const char* tail : {"", "-wal", "-shm"}) {
    check_ours(places.database().string() + tail);
  }
  return places.database().string();
}

}  // namespace

Store::Store(Places places)
    : places_(std::move(places)),
      occupied_(occupy(places_)),
      db_(prepare_database(places_), Database::Mode::open),
      tasks_(db_),
      queues_(db_),
      lanes_(db_),
      resources_(db_),
      guards_(db_),
      runs_(db_),
      suspensions_(db_),
      attempts_(db_),
      deadlines_(db_),
      dead_letters_(db_),
      bindings_(db_),
      handlers_(db_),
      launchers_(db_),
      timers_(db_),
      listing_(db_) {
  if (is_blank(db_)) {
    throw refusal(
        places_.database(), "the database is empty: all that it held is gone",
        "restore a backup, or move the directory away to begin anew; nothing was changed");
  }
  migrate(db_, places_.database().string());
  db_.guard(newest_version());
}

}  // namespace sched::store
