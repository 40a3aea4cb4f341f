#pragma once

#include "time/instant.hpp"

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace sched::exec {

/// What the processes of one attempt have and used together.
///
/// Memory is the sum of their resident sets, so that what several share counts several times; to
/// part it fairly (PSS) the kernel would have to walk all their pages. CPU time is that of those
/// that live, of the children they waited for, and of what the launcher reaped in their place.
struct TreeUsage {
  std::uint64_t rss_bytes = 0;
  time::Duration cpu{};
  std::int64_t processes = 0;
};

/// Of these and everything below them.
TreeUsage usage_below(const std::vector<pid_t>& roots);

}  // namespace sched::exec
