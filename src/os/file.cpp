#include "os/file.hpp"

#include "os/system_error.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace sched::os {

void make_private_directory(const std::filesystem::path& path) {
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    throw system_error(errno, "cannot make directory '" + path.string() + "'");
  }
}

UniqueFd open_private(const std::filesystem::path& path, int flags) {
  return UniqueFd(::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0600));
}

UniqueFd open_directory(const std::filesystem::path& path) {
  return UniqueFd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

bool is_at(int fd, const std::filesystem::path& path) {
  struct stat open {};
  struct stat there {};
  return ::fstat(fd, &open) == 0 && ::lstat(path.c_str(), &there) == 0 &&
         open.st_dev == there.st_dev && open.st_ino == there.st_ino;
}

bool truncate(int fd) {
  return ::ftruncate(fd, 0) == 0;
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t done = ::write(fd, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) {
      continue;
    }
    if (done < 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
  return true;
}

bool write_all_at(int fd, std::string_view bytes, std::size_t offset) {
  while (!bytes.empty()) {
    const ssize_t done = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (done < 0 && errno == EINTR) {
      continue;
    }
    if (done < 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(done));
    offset += static_cast<std::size_t>(done);
  }
  return true;
}

base::Result<std::string> read_all(int fd, std::size_t cap) {
  std::string content;
  char buffer[16384];
  for (;;) {
    const std::size_t room = std::min(sizeof buffer, cap + 1 - content.size());
    const ssize_t got = ::read(fd, buffer, room);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return system_error(errno, "cannot read");
    }
    if (got == 0) {
      return content;
    }
    content.append(buffer, static_cast<std::size_t>(got));
    if (content.size() > cap) {
      return base::Error(base::ErrorKind::invalid_input,
                         "longer than the " + std::to_string(cap) + " bytes allowed");
    }
  }
}

base::Result<std::string> read_file(const std::filesystem::path& path, std::size_t cap) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) {
    return system_error(errno, "cannot open '" + path.string() + "'",
                        errno == ENOENT ? base::ErrorKind::not_found : base::ErrorKind::store);
  }
  auto content = read_all(fd.get(), cap);
  if (!content) {
    return content.error().within(fmt::format("'{}'", path.string()));
  }
  return content;
}

void replace_file(const std::filesystem::path& path, std::string_view content) {
  const std::string what = "cannot write '" + path.string() + "'";
  std::string name = path.string() + ".XXXXXX";
  const UniqueFd fd(::mkostemp(name.data(), O_CLOEXEC));
  if (!fd) {
    throw system_error(errno, what);
  }
  if (!write_all(fd.get(), content) || ::fsync(fd.get()) != 0 ||
      ::rename(name.c_str(), path.c_str()) != 0) {
    const int number = errno;
    ::unlink(name.c_str());
    throw system_error(number, what);
  }
  sync_directory(path.has_parent_path() ? path.parent_path() : std::filesystem::path("."));
}

void sync_file(const std::filesystem::path& path) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file || ::fsync(file.get()) != 0) {
    throw system_error(errno, "cannot write '" + path.string() + "'");
  }
}

std::optional<std::uint64_t> free_bytes(const std::filesystem::path& path) {
  struct statvfs info {};
  if (::statvfs(path.c_str(), &info) != 0 || info.f_blocks == 0) {
    return std::nullopt;  // No blocks at all: one that has no bounds.
  }
  return static_cast<std::uint64_t>(info.f_bavail) * info.f_frsize;
}

void sync_directory(const std::filesystem::path& path) {
  const UniqueFd directory = open_directory(path);
  if (directory) {
    ::fsync(directory.get());
  }
}

}  // namespace sched::os
