#include "os/lock.hpp"

#include "os/file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace sched::os {

namespace {

bool flock_now(int fd, int operation) {
  int result = 0;
  do {
    result = ::flock(fd, operation | LOCK_NB);
  } while (result != 0 && errno == EINTR);
  return result == 0;
}

bool flock_within(int fd, int operation, time::Duration patience) {
  constexpr time::Duration step(2);
  for (time::Duration waited{}; !flock_now(fd, operation); waited += step) {
    if (waited >= patience) {
      return false;
    }
    ::usleep(static_cast<useconds_t>(step.count() * 1000));
  }
  return true;
}

}  // namespace

UniqueFd open_lock_file(const std::filesystem::path& path) {
  return open_private(path, O_RDWR | O_CREAT);
}

UniqueFd open_public_lock_file(const std::filesystem::path& path) {
  constexpr int k_flags = O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC;
  // First as it is: in a directory like /tmp the kernel refuses O_CREAT for another user's file.
  UniqueFd fd(::open(path.c_str(), k_flags));
  return fd || errno != ENOENT ? std::move(fd)
                               : UniqueFd(::open(path.c_str(), k_flags | O_CREAT, 0666));
}

bool try_lock(int fd) {
  return flock_now(fd, LOCK_EX);
}

bool try_lock(int fd, time::Duration patience) {
  return flock_within(fd, LOCK_EX, patience);
}

bool try_share(int fd, time::Duration patience) {
  return flock_within(fd, LOCK_SH, patience);
}

bool is_locked(int fd) {
  if (!flock_now(fd, LOCK_SH)) {
    return true;
  }
  ::flock(fd, LOCK_UN);
  return false;
}

}  // namespace sched::os
