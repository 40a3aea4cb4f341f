#pragma once

#include "store/store.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace sched::store {

/// What came out of a damaged file.
struct Salvaged {
  std::int64_t tasks = 0;
  std::int64_t runs = 0;
  std::vector<std::string> losses;  ///< In words; empty: all of it could be read.
};

/// Copies all rows that can still be read in a damaged database file into a new, empty store, and
/// makes them agree with each other: what points to a row that is lost goes, or gets a substitute.
/// Where anything was lost every task is paused, for an edge that is gone holds nothing back.
///
/// The file, and the write-ahead log beside it, are read once, to be copied into `workshop`, an
/// empty directory; there the header is repaired, and a schema that can't be read is replaced with
/// that of a new store. Throws ErrorKind::store when nothing of sched is found in it.
Salvaged salvage(const std::filesystem::path& file, const std::filesystem::path& workshop,
                 Store& store, time::Instant now);

}  // namespace sched::store
