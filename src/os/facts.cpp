#include "os/facts.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace sched::os {

std::optional<FileFacts> find_facts(const std::filesystem::path& path) {
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0) {
    return std::nullopt;
  }
  return FileFacts{status.st_uid,
                   status.st_mode & 07777U,
                   status.st_nlink,
                   static_cast<std::uint64_t>(status.st_size),
                   S_ISDIR(status.st_mode),
                   S_ISREG(status.st_mode),
                   S_ISLNK(status.st_mode),
                   status.st_dev,
                   status.st_ino};
}

uid_t own_uid() {
  return geteuid();
}

int own_pid() {
  return static_cast<int>(getpid());
}

int own_umask() {
  const mode_t mask = umask(077);  // There is no way to ask without setting it.
  umask(mask);
  return static_cast<int>(mask);
}

bool is_readable(const std::filesystem::path& path) {
  return access(path.c_str(), R_OK) == 0;
}

}  // namespace sched::os
