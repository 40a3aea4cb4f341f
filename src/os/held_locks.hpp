#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace sched::os {

/// A lock that somebody holds on a file, as /proc/locks tells it.
struct HeldLock {
  enum class Kind { flock, posix };
  Kind kind = Kind::posix;
  bool exclusive = false;
  pid_t pid = 0;  ///< Who took it; 0 when that can't be seen from here.
  /// On the very file system of the file; else only its number is the same (or that of a volume).
  bool same_device = false;
  std::uint64_t first = 0;
  std::uint64_t last = 0;  ///< The last byte of its range; the highest number for "to the end".
};

/// All that is locked at one moment, for several questions at the price of one.
class LockTable {
 public:
  LockTable();
  /// Those on a file or directory; it is not opened.
  std::vector<HeldLock> on(const std::filesystem::path& path) const;

 private:
  std::vector<std::string> lines_;
};

/// The locks on a file or directory; none where the kernel does not tell. The file is not opened:
/// closing it again would drop the POSIX locks that we hold on it.
std::vector<HeldLock> held_locks(const std::filesystem::path& path);

/// The process that holds a POSIX write lock on one byte of a file; 0 when there is none.
pid_t write_lock_holder(const std::filesystem::path& path, std::uint64_t offset);

/// The processes that hold the flock of a file or directory, ours left out, each once.
std::vector<pid_t> flock_holders(const std::filesystem::path& path);

}  // namespace sched::os
