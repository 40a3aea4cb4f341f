#pragma once

#include <cstdint>

namespace sched::os {

/// The mount that an open file lies on, by a number that is not used again before the next boot: as
/// long as it is the same, what was written there can still be read, synced or not. 0 where the
/// kernel does not tell (before Linux 6.8).
std::uint64_t mount_id(int fd);

}  // namespace sched::os
