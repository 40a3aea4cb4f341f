#pragma once

#include "store/store.hpp"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace sched::store {

/// One backup that is whole and on the disk.
struct Backup {
  std::filesystem::path file;
  std::uint64_t bytes = 0;
  std::int64_t tasks = 0;
  std::int64_t runs = 0;
  std::vector<std::filesystem::path> removed;  ///< Older ones, over the number that is kept.
};

/// Writes what the store has at this moment into one file of `directory`, which is made when there
/// is none. Writers go on meanwhile. The file gets its name when it is complete, synced and found
/// sound, so whatever stops us, none that is not stands under such a name.
///
/// The name has the moment and a number that stands for the store's path, so that several stores
/// may share a directory. Of this store's backups the newest `keep`, the new one always among them,
/// stay and older ones are removed; 0 keeps all.
///
/// Throws ErrorKind::invalid_input where the directory can't be used, ErrorKind::store when the
/// store can't be read, the disk is full, or the copy is damaged as the store is.
Backup back_up(Store& store, const std::filesystem::path& directory, time::Instant now, int keep);

}  // namespace sched::store
