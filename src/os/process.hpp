#pragma once

#include "os/fd.hpp"
#include "time/instant.hpp"

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sched::os {

/// A process as /proc/PID/stat tells it.
struct ProcessStat {
  pid_t pid = 0;
  char state = '?';  ///< 'R', 'S', 'T', 'Z', …
  pid_t parent = 0;
  pid_t group = 0;
  pid_t session = 0;
  std::uint64_t start_ticks = 0;  ///< Since boot; pid and start together name one process.
  bool dead() const { return state == 'Z' || state == 'X'; }
};

/// Empty when there is no such process (any more).
std::optional<ProcessStat> process_stat(pid_t pid);

/// What start_ticks says of a process that is made at this moment.
std::uint64_t ticks_now();

/// What a process has and used.
struct ProcessUsage {
  std::uint64_t rss_bytes = 0;  ///< What it shares with others counts with each.
  time::Duration cpu{};         ///< With that of the children that it waited for.
};
/// Empty when there is no such process (any more).
std::optional<ProcessUsage> process_usage(pid_t pid);

/// The name of what it executes, 15 bytes at most; "?" when there is no such process (any more).
std::string process_name(pid_t pid);

/// Every process number that /proc shows.
std::vector<pid_t> all_processes();

/// The children of all threads of a process; incomplete when some of them end just then.
std::vector<pid_t> children_of(pid_t pid);
/// Everything below a process, itself first.
std::vector<pid_t> family_of(pid_t root);

/// The children of the calling thread.
std::vector<pid_t> own_children();

/// The environment of a process as it was at its exec, "NAME=VALUE" each; empty for what can't be
/// read.
std::vector<std::string> environment_of(pid_t pid);

/// A descriptor that becomes readable when the process ends. Empty with errno set.
UniqueFd open_pidfd(pid_t pid);

/// Sends a signal to the process that a pidfd names, and to no other that has got its number since;
/// 0 or an errno.
int send_signal(int pidfd, int signal);

/// Runs `body(argument)` in a child that borrows our memory until it executes or exits (vfork),
/// with every signal blocked; `body` may only call what is safe there. Returns the pid and sets
/// `pidfd`, or -1 with errno set.
pid_t clone_borrowing(int (*body)(void*), void* argument, UniqueFd& pidfd);

/// As fork(), into new namespaces (CLONE_NEWPID and its like): 0 in the child. Only for a process
/// with one thread. Returns the pid and sets `pidfd`, or -1 with errno set.
pid_t fork_into(std::uint64_t namespaces, UniqueFd& pidfd);

/// The path by which this very program can be executed again, even after an upgrade removed it.
std::filesystem::path self_exe();

}  // namespace sched::os
