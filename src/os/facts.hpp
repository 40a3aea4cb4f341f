#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>

namespace sched::os {

/// What the file system says of a file, links not followed.
struct FileFacts {
  uid_t owner = 0;
  mode_t mode = 0;  ///< Permission bits alone.
  std::uint64_t links = 0;
  std::uint64_t bytes = 0;
  bool is_directory = false;
  bool is_regular = false;
  bool is_symlink = false;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;  ///< With the device, which file it is, whatever its name.
  bool is_same_file(const FileFacts& other) const {
    return device == other.device && inode == other.inode;
  }
};

/// Empty when there is nothing of that name.
std::optional<FileFacts> find_facts(const std::filesystem::path& path);

/// The effective user.
uid_t own_uid();

int own_pid();

/// The file mode creation mask of this process.
int own_umask();

/// Whether a file can be opened for reading by us.
bool is_readable(const std::filesystem::path& path);

}  // namespace sched::os
