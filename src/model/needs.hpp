#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sched::model {

/// Amounts are counted in thousandths, so that halves add up exactly.
inline constexpr std::int64_t k_one = 1000;

/// So much of a resource, for as long as the run runs.
struct Need {
  std::string resource;
  std::int64_t amount = k_one;
  bool operator==(const Need&) const = default;
};

/// A lock that the run holds: alone, or together with others that share it.
struct Lock {
  std::string name;
  bool shared = false;
  bool operator==(const Lock&) const = default;
};

/// Room on a file system, kept for the run while it runs.
struct FreeSpace {
  std::string path;  ///< Absolute; any on that file system.
  std::int64_t bytes = 0;
  std::uint64_t device = 0;  ///< Of the file system; 0 until it was looked up, and never kept.
  bool operator==(const FreeSpace&) const = default;
};

/// A file whose flock(2) is held while the run runs, beside what other programs lock.
struct FileLock {
  std::string path;  ///< Absolute.
  bool shared = false;
  bool operator==(const FileLock&) const = default;
};

/// What a run must have, all of it at once, before it starts. By name or path, each once.
struct Needs {
  std::vector<Need> amounts;
  std::vector<Lock> locks;
  /// Amounts that do as well, in place of the first; those that come first are taken first.
  std::vector<std::vector<Need>> others;
  std::vector<FreeSpace> space;
  std::vector<FileLock> files;
  bool empty() const {
    return amounts.empty() && locks.empty() && others.empty() && space.empty() && files.empty();
  }
  int choices() const { return 1 + static_cast<int>(others.size()); }
  const std::vector<Need>& amounts_of(int choice) const;
  bool operator==(const Needs&) const = default;
};

/// Reads "2", "0.5", "4G" (powers of 1024): positive, at most three digits behind the point.
base::Result<std::int64_t> parse_amount(std::string_view text);
std::string amount_to_string(std::int64_t amount);

/// Adds what "cpu=2,memory=4G,licence" names to `needs`; a name alone is one of it.
base::Result<Needs> parse_needs(std::string_view text, Needs needs = {});
/// Adds an alternative, as parse_needs() reads it.
base::Result<Needs> parse_other_needs(std::string_view text, Needs needs);
/// Adds "NAME" or "NAME:shared".
base::Result<Needs> parse_lock(std::string_view text, Needs needs = {});

/// Adds room, or the lock of a file; refused where the path stands there already.
base::Result<Needs> add_space(FreeSpace space, Needs needs);
base::Result<Needs> add_file(FileLock file, Needs needs);

/// "cpu=2,memory=4G".
std::string amounts_to_string(const std::vector<Need>& amounts);
std::string to_string(const Lock& lock);
std::string to_string(const FreeSpace& space);  ///< "/var/tmp=10G"
std::string to_string(const FileLock& file);    ///< "/run/x.lock", "shared:/run/x.lock"
/// One text for equal needs, as a lane remembers them; read_needs() undoes it.
std::string write_needs(const Needs& needs);
Needs read_needs(std::string_view text);

}  // namespace sched::model
