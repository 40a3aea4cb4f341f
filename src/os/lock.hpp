#pragma once

#include "time/instant.hpp"

#include <cstdint>
#include <filesystem>

namespace sched::os {

/// Takes the flock of an open file for ourselves, or says no at once. It is kept through SIGSTOP
/// and exec and freed by the kernel with the last copy of the descriptor, which is what makes it a
/// sign of life.
bool try_lock(int fd);

/// The same, tried again for up to `patience`: a copy of the descriptor may live for a moment in a
/// child between clone and exec, and is_locked() of somebody else holds it for an instant.
bool try_lock(int fd, time::Duration patience);

/// Whether somebody holds it. Looks by taking it shared for an instant; never keeps it.
bool is_locked(int fd);

/// Whether this very process holds a POSIX write lock on one byte of a file. Asked of /proc/locks,
/// for opening and closing the file would drop the locks. False where it can't be told.
bool holds_write_lock(const std::filesystem::path& path, std::uint64_t offset);

}  // namespace sched::os
