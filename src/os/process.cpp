#include "os/process.hpp"

#include "base/text.hpp"
#include "os/file.hpp"

#include <dirent.h>
#include <linux/sched.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <ctime>

namespace sched::os {

namespace {

std::optional<std::string> read_proc(pid_t pid, const char* name, std::size_t cap) {
  const auto text = read_file("/proc/" + std::to_string(pid) + "/" + name, cap);
  return text.ok() ? std::optional(*text) : std::nullopt;
}

std::vector<pid_t> numbers_in(const std::string& directory) {
  std::vector<pid_t> numbers;
  DIR* stream = ::opendir(directory.c_str());
  if (stream == nullptr) {
    return numbers;
  }
  while (const dirent* entry = ::readdir(stream)) {
    if (const auto number = base::parse_int(entry->d_name); number.has_value() && *number > 0) {
      numbers.push_back(static_cast<pid_t>(*number));
    }
  }
  ::closedir(stream);
  return numbers;
}

/// The fields of /proc/PID/stat from the state on; none when there is no such process.
std::vector<std::string> stat_fields(pid_t pid) {
  const auto text = read_proc(pid, "stat", 4096);
  // The name in parentheses may itself hold parentheses and spaces: what follows the last one
  // counts.
  const std::size_t paren = text.has_value() ? text->rfind(')') : std::string::npos;
  if (paren == std::string::npos || paren + 2 > text->size()) {
    return {};
  }
  return base::split(base::trim(std::string_view(*text).substr(paren + 1)), ' ');
}

/// false where the kernel does not offer such lists.
bool append_children(const std::string& path, std::vector<pid_t>& children) {
  const auto text = read_file(path, std::size_t{8} << 20U);
  if (!text.ok()) {
    return false;
  }
  const char* at = text->data();
  const char* end = at + text->size();
  while (at < end) {
    pid_t pid = 0;
    const auto [next, error] = std::from_chars(at, end, pid);
    if (error != std::errc()) {
      break;
    }
    children.push_back(pid);
    at = next + 1;
  }
  return true;
}

/// A kernel without CONFIG_PROC_CHILDREN; a thread that is gone has none either, so ask about us.
bool has_no_lists_of_children() {
  return ::access("/proc/thread-self/children", F_OK) != 0;
}

/// The slow way: everybody's parent.
std::vector<pid_t> look_for_children(pid_t parent) {
  std::vector<pid_t> children;
  for (const pid_t pid : all_processes()) {
    const auto stat = process_stat(pid);
    if (stat.has_value() && stat->parent == parent) {
      children.push_back(pid);
    }
  }
  return children;
}

/// The one stack for borrowing children: they live one at a time, while we are suspended.
char* borrowed_stack_top() {
  constexpr std::size_t k_size = std::size_t{256} << 10U;
  static char* const stack = static_cast<char*>(::mmap(
      nullptr, k_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0));
  return stack == MAP_FAILED ? nullptr : stack + k_size;
}

}  // namespace

std::optional<ProcessStat> process_stat(pid_t pid) {
  const auto fields = stat_fields(pid);
  if (fields.size() < 20) {
    return std::nullopt;
  }
  const auto number = [&](std::size_t index) { return base::parse_int(fields[index]).value_or(0); };
  ProcessStat stat;
  stat.pid = pid;
  stat.state = fields[0].empty() ? '?' : fields[0][0];
  stat.parent = static_cast<pid_t>(number(1));
  stat.group = static_cast<pid_t>(number(2));
  stat.session = static_cast<pid_t>(number(3));
  stat.start_ticks = static_cast<std::uint64_t>(number(19));
  return stat;
}

std::uint64_t ticks_now() {
  constexpr std::uint64_t k_ns_a_second = 1'000'000'000;
  static const std::uint64_t ns_a_tick =
      k_ns_a_second / static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return (static_cast<std::uint64_t>(now.tv_sec) * k_ns_a_second +
          static_cast<std::uint64_t>(now.tv_nsec)) /
         ns_a_tick;
}

std::optional<ProcessUsage> process_usage(pid_t pid) {
  const auto fields = stat_fields(pid);
  if (fields.size() < 22) {
    return std::nullopt;
  }
  const auto number = [&](std::size_t index) { return base::parse_int(fields[index]).value_or(0); };
  static const std::int64_t page = ::sysconf(_SC_PAGESIZE);
  static const std::int64_t ticks_a_second = ::sysconf(_SC_CLK_TCK);
  // utime, stime, and the same of children that were waited for.
  const std::int64_t ticks = number(11) + number(12) + number(13) + number(14);
  return ProcessUsage{static_cast<std::uint64_t>(std::max<std::int64_t>(0, number(21)) * page),
                      time::Duration(ticks * 1000 / ticks_a_second)};
}

std::string process_name(pid_t pid) {
  const auto name = read_proc(pid, "comm", 64);
  return name.has_value() ? std::string(base::trim(*name)) : "?";
}

std::vector<pid_t> all_processes() {
  return numbers_in("/proc");
}

std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> children;
  const std::string tasks = "/proc/" + std::to_string(pid) + "/task";
  for (const pid_t thread : numbers_in(tasks)) {
    const std::string path = tasks + "/" + std::to_string(thread) + "/children";
    if (!append_children(path, children) && has_no_lists_of_children()) {
      return look_for_children(pid);
    }
  }
  return children;
}

std::vector<pid_t> family_of(pid_t root) {
  constexpr std::size_t k_most = 100'000;
  std::vector<pid_t> all{root};
  for (std::size_t i = 0; i < all.size() && all.size() < k_most; ++i) {
    const auto children = children_of(all[i]);
    all.insert(all.end(), children.begin(), children.end());
  }
  return all;
}

std::vector<pid_t> own_children() {
  std::vector<pid_t> children;
  return append_children("/proc/thread-self/children", children) ? children
                                                                 : look_for_children(::getpid());
}

std::vector<std::string> environment_of(pid_t pid) {
  auto text = read_proc(pid, "environ", std::size_t{8} << 20U);
  if (!text.has_value() || text->empty()) {
    return {};
  }
  if (text->back() == '\0') {
    text->pop_back();
  }
  return base::split(*text, '\0');
}

UniqueFd open_pidfd(pid_t pid) {
  return UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
}

int send_signal(int pidfd, int signal) {
  return ::syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0) == 0 ? 0 : errno;
}

pid_t clone_borrowing(int (*body)(void*), void* argument, UniqueFd& pidfd) {
  char* const stack = borrowed_stack_top();
  if (stack == nullptr) {
    errno = ENOMEM;
    return -1;
  }
  // A handler of ours must not run in the child: it would work on our memory.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &before);
  int fd = -1;
  const int pid =
      ::clone(body, stack, CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, argument, &fd);
  const int number = errno;
  sigprocmask(SIG_SETMASK, &before, nullptr);
  if (pid > 0) {
    pidfd.reset(fd);
  }
  errno = number;
  return pid;
}

pid_t fork_into(std::uint64_t namespaces, UniqueFd& pidfd) {
  int fd = -1;
  clone_args wanted{};
  wanted.flags = namespaces | CLONE_PIDFD;
  wanted.pidfd = reinterpret_cast<std::uint64_t>(&fd);
  wanted.exit_signal = SIGCHLD;
  const auto pid = static_cast<pid_t>(::syscall(SYS_clone3, &wanted, sizeof wanted));
  if (pid > 0) {
    pidfd.reset(fd);
  }
  return pid;
}

std::filesystem::path self_exe() {
  return "/proc/self/exe";
}

}  // namespace sched::os
