#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace sched::simulation {

/// Draws bits that say which unsynced writes survive a power cut.
class Coin {
 public:
  explicit Coin(std::uint64_t seed) : state_(seed * 2 + 1) {}
  bool heads() {
    state_ ^= state_ << 13U;
    state_ ^= state_ >> 7U;
    state_ ^= state_ << 17U;
    return (state_ >> 32U & 1U) != 0;
  }

 private:
  std::uint64_t state_;
};

/// One file: what processes see of it, and what would be on the disk if the power went now.
struct MemoryFile {
  struct Write {
    std::int64_t offset = 0;
    std::string bytes;
    std::int64_t cut_to = -1;  ///< It cut the file to that length, in place of writing.
  };
  std::string data;
  std::string durable;
  std::vector<Write> pending;  ///< Since the last sync.

  std::vector<std::unique_ptr<std::vector<char>>> regions;  ///< The wal-index.
  int index_users = 0;
  int shared[SQLITE_SHM_NLOCK] = {};
  const void* exclusive[SQLITE_SHM_NLOCK] = {};

  int readers = 0;  ///< Of the file locks, which hardly matter with a WAL.
  const void* writer = nullptr;

  void write(std::int64_t offset, std::string bytes);
  void truncate(std::int64_t length);
  void sync();
  void lose_power(Coin& coin);
};

/// The files of SQLite, in memory, and with faults: as the default VFS of this process. There is
/// one, for SQLite knows a VFS by a pointer alone.
class MemoryFiles {
 public:
  static MemoryFiles& instance();

  /// Makes it the default from now on.
  void use();
  /// A file as it stands on the disk; whoever has it open sees nothing of that.
  void put(const std::string& path, const std::string& content);

  // Faults. Countdowns strike once: 1 is the next call, 0 is never.
  bool full = false;    ///< What would make a file longer is refused.
  int fail_write = 0;   ///< An I/O error, half of it is written.
  int fail_sync = 0;    ///< An I/O error, all is written and nothing durable.
  bool failed = false;  ///< A countdown has struck since this was cleared.

  /// All wal-indexes are spoilt, as when a process dies while it writes one: the next reader
  /// builds it anew from the WAL, and finds there what a commit wrote whose sync failed.
  void spoil_indexes();
  /// What was not synced stays or goes, write by write. Nobody may have files open.
  void lose_power(std::uint64_t seed);

  MemoryFile* open(const std::string& path, bool create);
  bool exists(const std::string& path) const { return files_.contains(path); }
  void remove(const std::string& path) { files_.erase(path); }
  sqlite3_vfs* original() const { return original_; }

 private:
  MemoryFiles();
  std::map<std::string, std::unique_ptr<MemoryFile>> files_;
  sqlite3_vfs* original_;
  sqlite3_vfs vfs_;
};

}  // namespace sched::simulation
