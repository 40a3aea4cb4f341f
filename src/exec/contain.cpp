#include "exec/contain.hpp"

#include "exec/contain_init.hpp"
#include "os/file.hpp"
#include "os/process.hpp"

#include <poll.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

namespace sched::exec {

namespace {

using Kind = model::Ending::Kind;
using Step = model::Ending::Step;

bool is_switched_off(const char* setting) {
  const auto text = os::read_file(setting, 64);
  return text.ok() && std::string_view(*text).starts_with("0\n");
}

/// "No space" is said both where there are too many just now and where there are never any.
bool may_come_later(int number) {
  return number == EAGAIN || number == ENOMEM ||
         (number == ENOSPC && !is_switched_off("/proc/sys/user/max_user_namespaces") &&
          !is_switched_off("/proc/sys/user/max_pid_namespaces") &&
          !is_switched_off("/proc/sys/user/max_mnt_namespaces"));
}

/// What the init says first; that it dies without a word is a shortage, of memory most likely.
InitWord first_word(int fd) {
  pollfd wait{fd, POLLIN, 0};
  while (::poll(&wait, 1, -1) < 0 && errno == EINTR) {
  }
  InitWord word;
  if (::read(fd, &word, sizeof word) != static_cast<ssize_t>(sizeof word)) {
    word.kind = Kind::not_begun;
    word.number = ENOMEM;
  }
  return word;
}

}  // namespace

std::variant<Spawned, SpawnFailure> spawn_contained(ChildPlan plan) {
  const bool as_user = ::geteuid() != 0;
  os::Pipe words = os::make_pipe();
  const os::UniqueFd launcher = os::open_pidfd(::getpid());
  if (!words.read_end || !launcher) {
    return SpawnFailure{Kind::not_begun, Step::contain, errno};
  }
  const ContainInit init{words.write_end.get(), launcher.get(), as_user, ::geteuid(), ::getegid()};
  Spawned spawned;
  spawned.pid =
      os::fork_into(CLONE_NEWPID | CLONE_NEWNS | (as_user ? CLONE_NEWUSER : 0UL), spawned.pidfd);
  if (spawned.pid == 0) {
    run_contain_init(plan, init);
  }
  if (spawned.pid < 0) {
    const int number = errno;
    return SpawnFailure{may_come_later(number) ? Kind::not_begun : Kind::not_executed,
                        Step::contain, number};
  }
  words.write_end.reset();
  const InitWord word = first_word(words.read_end.get());
  if (word.kind != Kind::exited) {
    ::waitpid(spawned.pid, nullptr, 0);
    return SpawnFailure{word.kind, word.step, word.number};
  }
  spawned.status = std::move(words.read_end);
  return spawned;
}

std::optional<int> contained_status(int status_fd) {
  int status = 0;
  if (::read(status_fd, &status, sizeof status) != static_cast<ssize_t>(sizeof status)) {
    return std::nullopt;
  }
  return status;
}

}  // namespace sched::exec
