#pragma once

#include "model/needs.hpp"
#include "rules/stock.hpp"

#include <map>
#include <vector>

namespace sched::worker {

/// The file systems that needs for room are about, each looked at once, as they are at that moment.
class Disks {
 public:
  /// Says on which file system each path lies that needs name.
  void locate(model::Needs& needs);
  std::vector<rules::Disk> all() const;

 private:
  std::map<std::string, std::uint64_t> devices_;  ///< By path; 0 where there is none.
  std::map<std::uint64_t, rules::Disk> disks_;
};

}  // namespace sched::worker
