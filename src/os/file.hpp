#pragma once

#include "base/result.hpp"
#include "os/fd.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace sched::os {

/// Makes the directory with mode 0700; one that is there already is left as it is. Parents must
/// exist. Throws base::Error.
void make_private_directory(const std::filesystem::path& path);

/// Opens with O_CLOEXEC and O_NOFOLLOW; with O_CREAT in `flags` the file has mode 0600 from its
/// first moment, whatever the umask of a careless caller adds. Empty with errno set on failure.
UniqueFd open_private(const std::filesystem::path& path, int flags);

/// Opens a directory to reach what lies in it by a short path. Empty with errno set on failure.
UniqueFd open_directory(const std::filesystem::path& path);

/// Whether an open file is the one that stands at this path now.
bool is_at(int fd, const std::filesystem::path& path);

/// Makes an open file empty; false with errno set when that can't be done.
bool truncate(int fd);

/// All bytes, whatever interrupts; false with errno set when they can't all be written.
bool write_all(int fd, std::string_view bytes);
bool write_all_at(int fd, std::string_view bytes, std::size_t offset);

/// The whole content. A file that is missing, unreadable or longer than `cap` bytes is an error
/// that names it.
base::Result<std::string> read_file(const std::filesystem::path& path, std::size_t cap);

/// What is left to read of a descriptor, up to `cap` bytes; empty Result with the errno as text on
/// failure. Also for files of /proc, which do not know their size.
base::Result<std::string> read_all(int fd, std::size_t cap);

/// Replaces the file as a whole: written beside it with mode 0600, synced, renamed over it. Throws
/// base::Error.
void replace_file(const std::filesystem::path& path, std::string_view content);

/// Makes the content of a file durable. Throws base::Error.
void sync_file(const std::filesystem::path& path);

/// What is free for us where the path lies; empty where the file system does not tell.
std::optional<std::uint64_t> free_bytes(const std::filesystem::path& path);

/// Makes renames and new names in a directory durable, as far as the system lets us.
void sync_directory(const std::filesystem::path& path);

}  // namespace sched::os
