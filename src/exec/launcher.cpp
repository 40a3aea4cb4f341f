#include "exec/launcher.hpp"

#include "exec/launcher_directory.hpp"
#include "exec/launcher_loop.hpp"
#include "os/cgroup.hpp"
#include "os/fd.hpp"
#include "os/limit_group.hpp"
#include "os/limits.hpp"
#include "os/signals.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>

namespace sched::exec {

namespace {

/// Where the system lets us: what is forked from here on can be killed as a whole after our death,
/// even what wiped its environment and left its session. What comes back is for groups with limits.
os::CgroupPlaces prepare_cgroups(const std::filesystem::path& directory) {
  // Looked for from where we are now: nothing is made below our own.
  const os::CgroupFacts facts = os::own_cgroup_facts();
  const os::CgroupPlaces places = os::find_cgroup_places(facts);
  if (const auto cgroup = os::enter_new_cgroup(facts)) {
    note_cgroup(directory, *cgroup);
  }
  return note_limit_groups(directory, places) ? places : os::CgroupPlaces();
}

}  // namespace

int launcher_main(int argc, char** argv) {
  if (argc != 6) {
    std::fputs("sched --launcher: is for sched itself to call\n", stderr);
    return 2;
  }
  ::syscall(SYS_close_range, k_launcher_socket_fd + 1U, ~0U, 0U);
  ::fcntl(k_launcher_journal_fd, F_SETFD, FD_CLOEXEC);
  ::fcntl(k_launcher_socket_fd, F_SETFD, FD_CLOEXEC);
  ::prctl(PR_SET_NAME, "sched-launcher");
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  for (const int signal : {SIGINT, SIGHUP, SIGPIPE, SIGQUIT, SIGUSR1, SIGUSR2, SIGXFSZ}) {
    os::ignore_signal(signal);
  }
  if (::chdir("/") != 0) {
    return 1;
  }
  const os::CgroupPlaces cgroups = prepare_cgroups(argv[2]);
  try {
    LauncherLoop loop({.id = model::LauncherId(std::atoll(argv[3])),
                       .logs = argv[4],
                       .store = argv[5],
                       .inherited = {os::raise_open_files(), os::changed_signals()},
                       .cgroups = cgroups},
                      os::UniqueFd(k_launcher_journal_fd), os::UniqueFd(k_launcher_socket_fd));
    loop.run();
  } catch (const std::exception& error) {
    // Nobody listens; the worker learns it from the journal's free lock.
    std::fprintf(stderr, "sched --launcher: %s\n", error.what());
    return 1;
  }
  return 0;
}

}  // namespace sched::exec
