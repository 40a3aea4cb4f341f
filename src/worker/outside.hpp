#pragma once

#include "model/needs.hpp"
#include "os/held_locks.hpp"
#include "rules/stock.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sched::worker {

/// What needs ask of the machine, outside of the store, as it is at this moment: file systems and
/// locks of files, each looked at once.
class Surroundings {
 public:
  /// Looks at all that these needs name, and says on which file system each path lies.
  void look_at(model::Needs& needs);
  rules::Outside found() const;

 private:
  void look_at(const model::FileLock& file);

  std::map<std::string, std::uint64_t> devices_;  ///< By path; 0 where there is none.
  std::map<std::uint64_t, rules::Disk> disks_;
  std::map<std::string, std::optional<rules::HeldFile>> files_;  ///< By path; empty: free.
  std::optional<os::LockTable> locks_;                           ///< Read when first asked.
};

}  // namespace sched::worker
