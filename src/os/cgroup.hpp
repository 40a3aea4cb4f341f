#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <vector>

namespace sched::os {

/// Makes a cgroup (v2, with or without controllers) below that of the calling process and moves it
/// in: whatever it forks from now on can be found and killed there, however it hides. Empty where
/// the system does not let us: no such hierarchy, not ours to write, or a kernel that can't kill a
/// cgroup as a whole. Also removes empty ones that dead processes made so.
std::optional<std::filesystem::path> enter_new_cgroup();

/// Kills all that is in it, and below. false with errno set when it could not be asked for.
bool kill_cgroup(const std::filesystem::path& cgroup);

/// What is in it and not below it. Zombies are, until they are reaped.
std::vector<pid_t> processes_in(const std::filesystem::path& cgroup);

/// The calling process goes back to the one above, and this one is removed.
void leave_cgroup(const std::filesystem::path& cgroup);

/// Removes it if nothing is in it.
void remove_cgroup(const std::filesystem::path& cgroup);

}  // namespace sched::os
