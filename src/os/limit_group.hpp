#pragma once

#include "os/cgroup.hpp"
#include "os/fd.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sched::os {

/// A directory below which groups that have a controller may be made.
struct CgroupPlace {
  std::filesystem::path directory;
  bool is_unified = false;  ///< Of version 2.
};

/// Where there is one for each of the controllers that we know how to use.
struct CgroupPlaces {
  std::optional<CgroupPlace> memory;
  std::optional<CgroupPlace> cpu;
  std::optional<CgroupPlace> io;
};

/// Looks for them beside where the process stands: in its own groups of version 1; in that of
/// version 2 where the controller is, or can be, handed on to the groups below it, else in the one
/// above that, where a service manager has delegated that one to us. (A group of version 2 with
/// processes in it hands nothing on.) Also clears those of the dead there. Whether a group can be
/// made is only seen when it is.
CgroupPlaces find_cgroup_places(const CgroupFacts& facts);

/// The groups in which processes are bounded as a whole by the kernel, made one controller after
/// the other. Of version 2 it is one for all, of version 1 one for each.
class LimitGroup {
 public:
  explicit LimitGroup(std::string name) : name_(std::move(name)) {}
  LimitGroup(LimitGroup&&) = default;
  LimitGroup& operator=(LimitGroup&&) = default;
  LimitGroup(const LimitGroup&) = delete;
  LimitGroup& operator=(const LimitGroup&) = delete;
  ~LimitGroup() { remove(); }

  /// Each answers 0 or the errno; then that limit is not held. What exceeds its memory, swap
  /// included, is killed: of version 2 all that is in the group.
  int bound_memory(const std::optional<CgroupPlace>& place, std::uint64_t bytes);
  /// In thousandths of a CPU.
  int bound_cpu(const std::optional<CgroupPlace>& place, std::int64_t thousandths);
  /// In bytes a second for each disk; 0 is as much as it can.
  int bound_io(const std::optional<CgroupPlace>& place, std::uint64_t read, std::uint64_t write);

  /// Files into which a process writes "0" to be in the groups from then on.
  std::vector<int> entrances() const;

  /// What its processes had at most, when some were killed because they wanted more; 0 where the
  /// kernel does not tell.
  std::optional<std::uint64_t> memory_overrun() const;

  /// Removes the groups that no process is in any more; whether all are gone.
  bool remove();

 private:
  struct Part {
    std::filesystem::path path;
    bool is_unified = false;
    bool bounds_memory = false;
    UniqueFd entrance;
  };
  int enter_part(const std::optional<CgroupPlace>& place, std::size_t& index);

  std::string name_;
  std::vector<Part> parts_;
};

}  // namespace sched::os
