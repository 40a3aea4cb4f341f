#include "exec/contain_init.hpp"

#include "os/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>

namespace sched::exec {

namespace {

using Kind = model::Ending::Kind;
using Step = model::Ending::Step;

bool is_gone(int pidfd) {
  pollfd look{pidfd, POLLIN, 0};
  return ::poll(&look, 1, 0) != 0;
}

bool write_text(const char* path, const char* text, int length) {
  const int fd = ::open(path, O_WRONLY | O_CLOEXEC);
  const bool done = fd >= 0 && ::write(fd, text, static_cast<std::size_t>(length)) == length;
  const int number = errno;
  ::close(fd);
  errno = number;
  return done;
}

/// In the new users' namespace everybody is who he was outside, as far as we may say so: ourselves.
bool keep_identity(uid_t user, gid_t group) {
  char line[64];
  int length = std::snprintf(line, sizeof line, "%u %u 1\n", user, user);
  if (!write_text("/proc/self/uid_map", line, length) ||
      !write_text("/proc/self/setgroups", "deny", 4)) {
    return false;
  }
  length = std::snprintf(line, sizeof line, "%u %u 1\n", group, group);
  return write_text("/proc/self/gid_map", line, length);
}

/// A /proc that shows this namespace. What is mounted outside later is still seen, what is mounted
/// in here is not seen outside.
bool mount_proc() {
  return ::mount("none", "/", nullptr, MS_REC | MS_SLAVE, nullptr) == 0 &&
         ::mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) == 0;
}

void close_all_but(int fd) {
  const auto kept = static_cast<unsigned>(fd);
  if (kept > 0) {
    ::syscall(SYS_close_range, 0U, kept - 1, 0U);
  }
  ::syscall(SYS_close_range, kept + 1, ~0U, 0U);
}

template <typename Word>
void say(int fd, const Word& word) {
  // Nobody to hear it: then we are about to be killed.
  [[maybe_unused]] const ssize_t written = ::write(fd, &word, sizeof word);
}

[[noreturn]] void refuse(int fd, const InitWord& word) {
  say(fd, word);
  ::_exit(1);
}

/// Hands on and reaps until the command has ended; its wait status.
int tend(pid_t command) {
  sigset_t awaited;
  sigemptyset(&awaited);
  sigaddset(&awaited, SIGTERM);
  sigaddset(&awaited, SIGCHLD);
  while (true) {
    int status = 0;
    pid_t dead = 0;
    while ((dead = ::waitpid(-1, &status, WNOHANG)) > 0) {
      if (dead == command) {
        return status;
      }
    }
    if (::sigwaitinfo(&awaited, nullptr) == SIGTERM) {
      // To all but ourselves, in whatever session they are; a stopped one must run to see it.
      ::kill(-1, SIGTERM);
      ::kill(-1, SIGCONT);
    }
  }
}

}  // namespace

void run_contain_init(ChildPlan& plan, const ContainInit& init) {
  // Before anything else, and then a look: it may have died before we had asked for that.
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || is_gone(init.launcher)) {
    ::_exit(1);
  }
  ::prctl(PR_SET_NAME, "sched-init");
  ::setsid();
  sigset_t awaited;
  sigemptyset(&awaited);
  sigaddset(&awaited, SIGTERM);
  sigaddset(&awaited, SIGCHLD);
  sigprocmask(SIG_BLOCK, &awaited, nullptr);
  if ((init.as_user && !keep_identity(init.user, init.group)) || !mount_proc()) {
    refuse(init.words, {Kind::not_executed, Step::contain, errno});
  }
  plan.parent = 1;
  os::UniqueFd pidfd;
  const pid_t command = os::clone_borrowing(run_child, &plan, pidfd);
  if (command < 0) {
    refuse(init.words, {Kind::not_begun, Step::none, errno});
  }
  if (plan.failed_step != Step::none) {
    refuse(init.words, {Kind::not_executed, plan.failed_step, plan.failed_errno});
  }
  // The output is the command's alone, and the journal's lock is the launcher's.
  close_all_but(init.words);
  static_cast<void>(pidfd.release());
  say(init.words, InitWord{});
  say(init.words, tend(command));
  ::_exit(0);
}

}  // namespace sched::exec
