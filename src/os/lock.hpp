#pragma once

#include "os/fd.hpp"
#include "time/instant.hpp"

#include <filesystem>

namespace sched::os {

/// Opens a file to lock it, and makes it when it is not there. Empty with errno set on failure.
UniqueFd open_lock_file(const std::filesystem::path& path);

/// The same for one that other programs lock too, as flock(1) opens it: readable, a directory as
/// well, made with the usual mode, and never followed into a FIFO that nobody writes to.
UniqueFd open_public_lock_file(const std::filesystem::path& path);

/// Takes the flock of an open file for ourselves, or says no at once. It is kept through SIGSTOP
/// and exec and freed by the kernel with the last copy of the descriptor, which is what makes it a
/// sign of life.
bool try_lock(int fd);

/// The same, tried again for up to `patience`: a copy of the descriptor may live for a moment in a
/// child between clone and exec, and is_locked() of somebody else holds it for an instant.
bool try_lock(int fd, time::Duration patience);

/// Takes it beside others who share it; where it was ours alone, lets them in.
bool try_share(int fd, time::Duration patience);

/// Whether somebody holds it. Looks by taking it shared for an instant; never keeps it.
bool is_locked(int fd);

}  // namespace sched::os
