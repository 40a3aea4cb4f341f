#pragma once

#include "render/column.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sched::render {

/// Something that is wrong with a store.
struct Ailment {
  std::string kind;
  std::string what;
  std::string remedy;
  bool fixed = false;
};
const std::vector<Column<Ailment>>& ailment_columns();

/// What `sched doctor` found. What could not be asked for is empty.
struct Health {
  std::string store;
  std::string sqlite_version;
  std::string journal_mode;
  std::optional<std::int64_t> tasks;
  std::optional<std::int64_t> runs;
  std::optional<std::int64_t> workers;  ///< Those that live.
  std::uint64_t database_bytes = 0;
  std::uint64_t wal_bytes = 0;
  std::uint64_t log_bytes = 0;
  std::uint64_t disk_free_bytes = 0;
  int write_lock_pid = 0;  ///< Who holds it for long; 0: nobody.
  std::vector<Ailment> ailments;
};
const std::vector<Column<Health>>& health_columns();

/// For eyes: the facts in a few lines, then each ailment, and below it what mends it.
std::string to_text(const Health& health, const View& view);

}  // namespace sched::render
