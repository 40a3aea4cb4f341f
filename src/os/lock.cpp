#include "os/lock.hpp"

#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>

namespace sched::os {

namespace {

bool flock_now(int fd, int operation) {
  int result = 0;
  do {
    result = ::flock(fd, operation | LOCK_NB);
  } while (result != 0 && errno == EINTR);
  return result == 0;
}

}  // namespace

bool try_lock(int fd) {
  return flock_now(fd, LOCK_EX);
}

bool try_lock(int fd, time::Duration patience) {
  constexpr time::Duration step(2);
  for (time::Duration waited{}; !try_lock(fd); waited += step) {
    if (waited >= patience) {
      return false;
    }
    ::usleep(static_cast<useconds_t>(step.count() * 1000));
  }
  return true;
}

bool is_locked(int fd) {
  if (!flock_now(fd, LOCK_SH)) {
    return true;
  }
  ::flock(fd, LOCK_UN);
  return false;
}

bool holds_write_lock(const std::filesystem::path& path, std::uint64_t offset) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return false;
  }
  // 1: POSIX  ADVISORY  WRITE 1234 fe:00:131 120 120
  std::ifstream locks("/proc/locks");
  std::string line;
  while (std::getline(locks, line)) {
    int pid = 0;
    unsigned major = 0;
    unsigned minor = 0;
    unsigned long inode = 0;
    unsigned long first = 0;
    char last[32] = "";
    const int read = std::sscanf(line.c_str(), "%*s POSIX %*s WRITE %d %x:%x:%lu %lu %31s", &pid,
                                 &major, &minor, &inode, &first, last);
    if (read == 6 && pid == ::getpid() && inode == status.st_ino && first <= offset &&
        (std::strcmp(last, "EOF") == 0 || std::strtoul(last, nullptr, 10) >= offset)) {
      return true;
    }
  }
  return false;
}

}  // namespace sched::os
