#pragma once

#include <cstdint>
#include <optional>

namespace sched::os {

/// What setrlimit is told for a child; empty values are inherited.
struct ResourceLimits {
  std::optional<std::uint64_t> cpu_s;  ///< Soft; the hard limit is five seconds later.
  std::optional<std::uint64_t> address_space_bytes;
  std::optional<std::uint64_t> file_size_bytes;
  std::optional<std::uint64_t> open_files;
  std::optional<std::uint64_t> processes;
  std::optional<std::uint64_t> core_bytes;
};

/// Sets them for the calling process: 0, or the errno of the first that was refused. Safe between
/// vfork and exec.
int apply(const ResourceLimits& limits);

/// Raises our own soft limit of open files to the hard one; returns what it was, for the children.
std::uint64_t raise_open_files();

}  // namespace sched::os
