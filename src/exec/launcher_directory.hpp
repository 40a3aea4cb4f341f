#pragma once

#include "exec/local.hpp"
#include "os/fd.hpp"
#include "os/limit_group.hpp"

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <vector>

namespace sched::exec {

/// A launcher's directory LAUNCHERS/ID holds
///   worker   whose flock its worker holds for life; its content names that worker,
///   journal  whose flock the launcher holds for life,
///   socket   on which the launcher listens,
///   cgroup   where it has one of its own: the path, in which all that it forks is to be found.
///   limits   how its groups with limits are named, in each hierarchy that it uses.
/// It is made under another name and renamed when both locks are held, so that nobody takes one
/// that is being made for one whose worker died.

/// The numbers of the launchers that have a directory, in order. Also clears away what makers and
/// removers that died have left half done.
std::vector<model::LauncherId> list_launchers(const std::filesystem::path& launchers);

struct NewLauncher {
  os::UniqueFd worker_lock;
  os::UniqueFd connection;
  pid_t pid = 0;  ///< Our child.
};
/// Makes the directory and starts a launcher in it. Throws base::Error.
NewLauncher start_launcher(const LauncherPlaces& places, model::LauncherId id);

/// Notes the launcher's cgroup, from within it.
void note_cgroup(const std::filesystem::path& directory, const std::filesystem::path& cgroup);
/// "" where it has none.
std::filesystem::path noted_cgroup(const std::filesystem::path& directory);

/// Notes where the launcher makes groups with limits; false when it can't, and must make none.
bool note_limit_groups(const std::filesystem::path& directory, const os::CgroupPlaces& places);
/// Those of them that are there now.
std::vector<std::filesystem::path> noted_limit_groups(const std::filesystem::path& directory);

std::filesystem::path worker_path(const std::filesystem::path& launchers, model::LauncherId id);
std::filesystem::path launcher_path(const std::filesystem::path& launchers, model::LauncherId id);

/// Opens the `worker` file; empty when the directory is gone.
os::UniqueFd open_worker_file(const std::filesystem::path& directory);
/// Notes that we are the worker; the lock must be ours.
void sign_worker_file(int fd);
/// The pid that it says, without a word on whether that worker lives; 0: none yet.
int read_worker_file(int fd);

/// Whether the directory that an open file lies in has been removed.
bool is_removed(int fd);

/// Removes the directory in a way that another worker never sees half of it.
void remove_launcher(const std::filesystem::path& launchers, model::LauncherId id);

}  // namespace sched::exec
