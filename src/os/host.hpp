#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace sched::os {

/// The kernel's name for this boot, a new one each time; "" where /proc does not tell.
std::string boot_id();

std::string hostname();

/// How many cores this process may use (its affinity, not what the machine has); at least 1.
int available_cores();

/// The memory of the machine.
std::uint64_t memory_bytes();

/// The kind of network or FUSE file system that the path lies on ("nfs", "cifs", "fuse", …); empty
/// for a local one. Locks are no sign of life on those. Empty too when it can't be asked.
std::optional<std::string> network_filesystem(const std::filesystem::path& path);

}  // namespace sched::os
