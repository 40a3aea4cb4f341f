#include "os/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

namespace sched::os {

bool is_terminal(int fd) {
  return ::isatty(fd) == 1;
}

int terminal_width(int fd, int fallback) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return fallback;
  }
  return size.ws_col;
}

}  // namespace sched::os
