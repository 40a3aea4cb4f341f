#include "store/occupancy.hpp"

#include "os/facts.hpp"
#include "os/file.hpp"
#include "os/held_locks.hpp"
#include "os/lock.hpp"

#include <fmt/format.h>

#include <system_error>
#include <vector>

namespace sched::store {
namespace {

namespace fs = std::filesystem;

/// A command that ends just now frees the lock within this time.
constexpr time::Duration k_moment = std::chrono::milliseconds(200);
constexpr time::Duration k_patience = std::chrono::seconds(10);

os::UniqueFd open_directory(const Places& places) {
  prepare_directory(places);
  os::UniqueFd directory = os::open_directory(places.directory);
  if (!directory) {
    throw refusal(places.directory, "it can't be opened",
                  "check its permissions, or choose another place with --store");
  }
  return directory;
}

void move(const fs::path& from, const fs::path& to) {
  std::error_code failure;
  fs::rename(from, to, failure);
  if (failure && os::find_facts(from)) {
    throw refusal(from, "it can't be moved: " + failure.message(),
                  "the restore is finished by the next command that can");
  }
}

base::Error occupied(const Places& places) {
  std::vector<std::string> pids;
  for (const auto pid : os::flock_holders(places.directory)) {
    pids.push_back(fmt::format("{}", pid));
  }
  return refusal(places.directory,
                 pids.empty() ? "in use by another process"
                              : fmt::format("in use by process {}", fmt::join(pids, ", ")),
                 "stop its workers and commands, then try again");
}

}  // namespace

fs::path restore_part(const Places& places) {
  return places.directory / "restore.part";
}

fs::path restore_ready(const Places& places) {
  return places.directory / "restore.ready";
}

fs::path replaced(const Places& places) {
  return places.directory / "replaced";
}

os::UniqueFd occupy(const Places& places) {
  os::UniqueFd directory = open_directory(places);
  for (time::Duration waited{}; waited < k_patience; waited += k_moment) {
    if (!os::try_share(directory.get(), k_patience)) {
      break;
    }
    if (!os::find_facts(restore_ready(places))) {
      return directory;
    }
    // Asking for it alone gives up the shared one, so all that was seen is to be seen again.
    if (os::try_lock(directory.get(), k_moment)) {
      finish_restore(places);
    }
  }
  throw refusal(places.directory, "it has been under restore for ten seconds", "try again");
}

os::UniqueFd occupy_alone(const Places& places) {
  os::UniqueFd directory = open_directory(places);
  if (!os::try_lock(directory.get(), k_moment)) {
    throw occupied(places);
  }
  finish_restore(places);
  return directory;
}

void finish_restore(const Places& places) {
  const fs::path ready = restore_ready(places);
  if (!os::find_facts(ready)) {
    return;
  }
  const std::string database = places.database().string();
  const fs::path fresh = ready / "sched.db";
  const fs::path old = ready / "old";
  std::error_code failure;
  if (os::find_facts(fresh)) {
    // As long as it waits here, what stands in its place is the old one, of which nothing may stay.
    os::make_private_directory(old);
    for (const char* tail : {"", "-wal", "-journal"}) {
      move(database + tail, old / (std::string("sched.db") + tail));
    }
    fs::remove(database + "-shm", failure);
    os::sync_directory(places.directory);
    move(fresh, database);
    os::sync_directory(places.directory);
  }
  if (os::find_facts(old) && !fs::is_empty(old, failure)) {
    fs::remove_all(replaced(places), failure);
    move(old, replaced(places));
  }
  fs::remove_all(ready, failure);
  os::sync_directory(places.directory);
}

}  // namespace sched::store
