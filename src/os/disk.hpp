#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace sched::os {

/// The file system that holds a path.
struct DiskSpace {
  std::uint64_t device = 0;
  std::int64_t free_bytes = 0;  ///< For users; what is kept for root is not counted.
  std::int64_t all_bytes = 0;
};

/// Empty where there is no such path, or no way to it.
std::optional<DiskSpace> disk_space(const std::filesystem::path& path);

}  // namespace sched::os
