#pragma once

#include "os/fd.hpp"
#include "store/places.hpp"

#include <string>

namespace sched::store {

// Who has a store open shares the flock of its directory for as long, so that the database is only
// ever replaced when nobody has it open: who had, would go on with a file that is no longer there,
// and what it acknowledged would be lost. The kernel frees the lock of who is killed, and keeps
// that of who is stopped.
//
// A restore is decided in one rename, restore_part() to restore_ready(); whoever finds the latter
// puts it in place before all else. So a kill at any moment leaves the old database or the new one,
// and never the new one beside the old one's write-ahead log, which SQLite would replay into it.

/// Where a restored database is made, where it waits to be put in place, and where the one that was
/// there before is kept.
std::filesystem::path restore_part(const Places& places);
std::filesystem::path restore_ready(const Places& places);
std::filesystem::path replaced(const Places& places);

/// Prepares the directory and shares its lock, having put a restored database in place when one is
/// waiting for that. Throws ErrorKind::store when the store is being restored for too long.
os::UniqueFd occupy(const Places& places);

/// The lock for ourselves alone, having done the same. Throws ErrorKind::store, with the processes,
/// when somebody has the store open.
os::UniqueFd occupy_alone(const Places& places);

/// Puts what waits in restore_ready() in place, if anything does. The lock must be ours alone.
void finish_restore(const Places& places);

}  // namespace sched::store
