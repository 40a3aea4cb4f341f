#include "os/held_locks.hpp"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <limits>
#include <string>

namespace sched::os {

LockTable::LockTable() {
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);) {
    lines_.push_back(line);
  }
}

std::vector<HeldLock> held_locks(const std::filesystem::path& path) {
  return LockTable().on(path);
}

std::vector<HeldLock> LockTable::on(const std::filesystem::path& path) const {
  std::vector<HeldLock> held;
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return held;
  }
  // 1: POSIX  ADVISORY  WRITE 1234 fe:00:131 120 120
  // Those who wait have an arrow before the kind, and so no match.
  for (const std::string& line : lines_) {
    char kind[16] = "";
    char access[16] = "";
    int pid = 0;
    unsigned int major_part = 0;
    unsigned int minor_part = 0;
    unsigned long inode = 0;
    unsigned long first = 0;
    char last[32] = "";
    const int read = std::sscanf(line.c_str(), "%*s %15s %*s %15s %d %x:%x:%lu %lu %31s", kind,
                                 access, &pid, &major_part, &minor_part, &inode, &first, last);
    const bool is_flock = std::strcmp(kind, "FLOCK") == 0;
    if (read != 8 || inode != status.st_ino || (!is_flock && std::strcmp(kind, "POSIX") != 0)) {
      continue;
    }
    HeldLock lock;
    lock.kind = is_flock ? HeldLock::Kind::flock : HeldLock::Kind::posix;
    lock.exclusive = std::strcmp(access, "WRITE") == 0;
    lock.pid = std::max(pid, 0);
    lock.same_device = status.st_dev == makedev(major_part, minor_part);
    lock.first = first;
    lock.last = std::strcmp(last, "EOF") == 0 ? std::numeric_limits<std::uint64_t>::max()
                                              : std::strtoul(last, nullptr, 10);
    held.push_back(lock);
  }
  return held;
}

pid_t write_lock_holder(const std::filesystem::path& path, std::uint64_t offset) {
  for (const HeldLock& lock : held_locks(path)) {
    if (lock.kind == HeldLock::Kind::posix && lock.exclusive && lock.first <= offset &&
        offset <= lock.last) {
      return lock.pid;
    }
  }
  return 0;
}

std::vector<pid_t> flock_holders(const std::filesystem::path& path) {
  std::vector<pid_t> holders;
  for (const HeldLock& lock : held_locks(path)) {
    if (lock.kind == HeldLock::Kind::flock && lock.pid != ::getpid() &&
        std::find(holders.begin(), holders.end(), lock.pid) == holders.end()) {
      holders.push_back(lock.pid);
    }
  }
  return holders;
}

}  // namespace sched::os
