#pragma once

#include <vector>

namespace sched::os {

/// Where a CPU is: those with one package and core are siblings that share it.
struct CpuPlace {
  int cpu = 0;
  int package = 0;
  int core = 0;
};

/// In an order in which each next one has the most for itself: first one CPU of each core, packages
/// in turn, then the siblings in the same order.
std::vector<int> spread_out(std::vector<CpuPlace> places);

/// Which CPU belongs to which slot.
class CpuSpread {
 public:
  /// That of a slot, from 1; past the last it begins anew. Of those on which we may run now; none
  /// where that can't be known.
  std::vector<int> cpu_of(int slot);

 private:
  std::vector<int> ours_;  ///< As when order_ was found.
  std::vector<int> order_;
};

}  // namespace sched::os
