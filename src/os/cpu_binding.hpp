#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace sched::os {

/// The CPUs to which a child is to be bound, laid out before there is one: in the child, between
/// clone and exec, nothing may be allocated.
class CpuBinding {
 public:
  explicit CpuBinding(const std::vector<int>& cpus);
  /// Binds the calling process: 0, or an errno. EINVAL also where it did not get all of them: some
  /// are not there, or a cpuset keeps them from us, and the kernel says nothing of that itself.
  int apply();

 private:
  static constexpr std::size_t k_words = 128;  ///< 8192 CPUs, the most that Linux can have.
  std::array<unsigned long, k_words> wanted_{};
  std::array<unsigned long, k_words> got_{};
};

/// Those on which the calling process may run, in their order.
std::vector<int> own_cpus();

/// ioprio_set for the calling process, in the kernel's numbers: 0, or an errno. Safe in a child as
/// well.
int set_io_priority(int io_class, int level);

}  // namespace sched::os
