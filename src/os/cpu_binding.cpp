#include "os/cpu_binding.hpp"

#include <climits>

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace sched::os {

namespace {

constexpr std::size_t k_bits = sizeof(unsigned long) * CHAR_BIT;
constexpr int k_io_class_shift = 13;
constexpr int k_io_who_process = 1;

}  // namespace

CpuBinding::CpuBinding(const std::vector<int>& cpus) {
  for (const int cpu : cpus) {
    const auto number = static_cast<std::size_t>(cpu);
    if (number / k_bits < k_words) {
      wanted_[number / k_bits] |= 1UL << (number % k_bits);
    }
  }
}

// In the child, whose memory is its parent's, the sanitizers' bookkeeping would be the parent's.
__attribute__((no_sanitize("address", "undefined"))) int CpuBinding::apply() {
  unsigned long* const wanted = wanted_.data();
  unsigned long* const got = got_.data();
  if (::syscall(SYS_sched_setaffinity, 0, sizeof wanted_, wanted) != 0) {
    return errno;
  }
  if (::syscall(SYS_sched_getaffinity, 0, sizeof got_, got) < 0) {
    return errno;
  }
  for (std::size_t i = 0; i < k_words; ++i) {
    if (got[i] != wanted[i]) {
      return EINVAL;
    }
  }
  return 0;
}

std::vector<int> own_cpus() {
  std::array<unsigned long, 128> mask{};
  std::vector<int> cpus;
  if (::syscall(SYS_sched_getaffinity, 0, sizeof mask, mask.data()) < 0) {
    return cpus;
  }
  for (std::size_t i = 0; i < mask.size() * k_bits; ++i) {
    if ((mask[i / k_bits] >> (i % k_bits) & 1UL) != 0) {
      cpus.push_back(static_cast<int>(i));
    }
  }
  return cpus;
}

__attribute__((no_sanitize("address", "undefined"))) int set_io_priority(int io_class, int level) {
  return ::syscall(SYS_ioprio_set, k_io_who_process, 0, io_class << k_io_class_shift | level) == 0
             ? 0
             : errno;
}

}  // namespace sched::os
