#include "os/fd.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace sched::os {

void UniqueFd::reset(int fd) {
  const int old = std::exchange(fd_, fd);
  if (old >= 0 && old != fd) {
    ::close(old);
  }
}

void fill_standard_fds() {
  for (int fd = 0; fd <= 2; ++fd) {
    if (::fcntl(fd, F_GETFD) == -1 && ::open("/dev/null", O_RDONLY) != fd) {
      return;  // No /dev/null: then it stays as it is.
    }
  }
}

Pipe make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return {};
  }
  Pipe pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
  set_blocking(ends[0], false);
  return pipe;
}

bool set_blocking(int fd, bool blocking) {
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0) {
    return false;
  }
  return ::fcntl(fd, F_SETFL, blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK) == 0;
}

}  // namespace sched::os
