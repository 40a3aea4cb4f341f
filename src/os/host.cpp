#include "os/host.hpp"

#include "base/text.hpp"
#include "os/file.hpp"

#include <sched.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

namespace sched::os {

std::string boot_id() {
  const auto text = read_file("/proc/sys/kernel/random/boot_id", 256);
  return text.ok() ? std::string(base::trim(*text)) : std::string();
}

std::string hostname() {
  char name[256] = {};
  if (::gethostname(name, sizeof name - 1) != 0) {
    return "localhost";
  }
  return name;
}

int available_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) == 0) {
    return std::max(1, CPU_COUNT(&set));
  }
  return static_cast<int>(std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN)));
}

std::uint64_t memory_bytes() {
  return static_cast<std::uint64_t>(std::max(0L, ::sysconf(_SC_PHYS_PAGES))) *
         static_cast<std::uint64_t>(std::max(0L, ::sysconf(_SC_PAGESIZE)));
}

std::optional<std::string> network_filesystem(const std::filesystem::path& path) {
  struct Row {
    std::uint32_t magic;
    const char* name;
  };
  // linux/magic.h names most of them, but not all on every release.
  static constexpr Row k_rows[] = {
      {0x6969U, "nfs"},        {0x517BU, "smb"},        {0xFF534D42U, "cifs"},
      {0xFE534D42U, "smb2"},   {0x65735546U, "fuse"},   {0x00C36400U, "ceph"},
      {0x01021997U, "9p"},     {0x5346414FU, "afs"},    {0x73757245U, "coda"},
      {0x0BD00BD0U, "lustre"}, {0x47504653U, "gpfs"},   {0x7461636FU, "ocfs2"},
      {0x01161970U, "gfs2"},   {0x786F4256U, "vboxsf"}, {0xBACBACBCU, "vmhgfs"}};
  struct statfs info {};
  if (::statfs(path.c_str(), &info) != 0) {
    return std::nullopt;
  }
  for (const Row& row : k_rows) {
    if (static_cast<std::uint32_t>(info.f_type) == row.magic) {
      return row.name;
    }
  }
  return std::nullopt;
}

}  // namespace sched::os
