#pragma once

#include <filesystem>
#include <string>

namespace sched::store {

// Repairs of a copy of a damaged database file, byte by byte, that let SQLite open it at all.

/// Puts right what the first hundred bytes say in the same way in every store: the magic, the size
/// of a page, and how many there are.
void repair_header(const std::filesystem::path& copy);

/// Takes the pages that hold the schema from a new store. What was never restored or salvaged has
/// its tables at the same places.
void replace_schema(const std::filesystem::path& copy, const std::filesystem::path& workshop);

}  // namespace sched::store
