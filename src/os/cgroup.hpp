#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sched::os {

/// What tells a process where it stands in the hierarchies of cgroups. Given as text, so that a
/// made-up one can be asked about as well.
struct CgroupFacts {
  std::string mounts;       ///< As /proc/self/mountinfo.
  std::string memberships;  ///< As /proc/self/cgroup.
};
CgroupFacts own_cgroup_facts();

/// The directory of its group: in the hierarchy of version 1 that has this controller, or for "" in
/// that of version 2. Empty where there is none, or where it lies beyond what is mounted here.
std::optional<std::filesystem::path> find_cgroup(const CgroupFacts& facts,
                                                 std::string_view controller);

/// How the groups that we make are named: ours alone, or with "-" and more behind it. Pid and start
/// name one process of this boot.
std::string own_cgroup_name();

/// Those that lie beside each other and are named `named`, with "-" and more behind it.
std::vector<std::filesystem::path> cgroups_after(const std::filesystem::path& named);

/// Removes what processes that are dead have made below `parent` under their names, and is empty.
void clear_cgroups_of_the_dead(const std::filesystem::path& parent);

/// Makes a cgroup (v2, with or without controllers) below that of the calling process, where it
/// stands by these facts, and moves it in: whatever it forks from now on can be found and killed
/// there, however it hides. Empty where the system does not let us: no such hierarchy, not ours to
/// write, or a kernel that can't kill a cgroup as a whole. Also clears those of the dead there.
std::optional<std::filesystem::path> enter_new_cgroup(const CgroupFacts& facts);

/// Kills all that is in it, and below. false with errno set when it could not be asked for.
bool kill_cgroup(const std::filesystem::path& cgroup);

/// What is in it and not below it. Zombies are, until they are reaped.
std::vector<pid_t> processes_in(const std::filesystem::path& cgroup);

/// The calling process goes back to the one above, and this one is removed.
void leave_cgroup(const std::filesystem::path& cgroup);

/// Removes it, and what is below it, if no process is in there; whether it is gone.
bool remove_cgroup(const std::filesystem::path& cgroup);

}  // namespace sched::os
