#include "os/disk.hpp"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <limits>

namespace sched::os {

namespace {

std::int64_t bytes_of(std::uint64_t blocks, std::uint64_t size) {
  std::uint64_t bytes = 0;
  constexpr std::uint64_t k_most = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(
      __builtin_mul_overflow(blocks, size, &bytes) ? k_most : std::min(bytes, k_most));
}

}  // namespace

std::optional<DiskSpace> disk_space(const std::filesystem::path& path) {
  struct stat status {};
  struct statvfs info {};
  if (::stat(path.c_str(), &status) != 0 || ::statvfs(path.c_str(), &info) != 0) {
    return std::nullopt;
  }
  return DiskSpace{status.st_dev, bytes_of(info.f_bavail, info.f_frsize),
                   bytes_of(info.f_blocks, info.f_frsize)};
}

}  // namespace sched::os
