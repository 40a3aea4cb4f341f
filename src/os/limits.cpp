#include "os/limits.hpp"

#include <sys/resource.h>

#include <cerrno>

namespace sched::os {

namespace {

__attribute__((no_sanitize("address", "undefined"))) int set(
    __rlimit_resource resource, const std::optional<std::uint64_t>& value, rlim_t beyond) {
  if (!value.has_value()) {
    return 0;
  }
  rlimit limit{};
  limit.rlim_cur = *value;
  limit.rlim_max = *value + beyond;
  return ::setrlimit(resource, &limit) == 0 ? 0 : errno;
}

}  // namespace

__attribute__((no_sanitize("address", "undefined"))) int apply(const ResourceLimits& limits) {
  int number = set(RLIMIT_CPU, limits.cpu_s, 5);
  if (number == 0) {
    number = set(RLIMIT_FSIZE, limits.file_size_bytes, 0);
  }
  if (number == 0) {
    number = set(RLIMIT_NOFILE, limits.open_files, 0);
  }
  if (number == 0) {
    number = set(RLIMIT_NPROC, limits.processes, 0);
  }
  if (number == 0) {
    number = set(RLIMIT_CORE, limits.core_bytes, 0);
  }
  if (number == 0) {
    number = set(RLIMIT_AS, limits.address_space_bytes, 0);
  }
  return number;
}

std::uint64_t raise_open_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return 1024;
  }
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  return before;
}

}  // namespace sched::os
