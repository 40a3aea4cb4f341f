#include "os/mount.hpp"

#include <fcntl.h>
#include <sys/stat.h>

namespace sched::os {

std::uint64_t mount_id(int fd) {
  constexpr unsigned k_mount_id_unique = 0x4000;  // STATX_MNT_ID_UNIQUE, newer than our headers.
  struct statx info {};
  if (::statx(fd, "", AT_EMPTY_PATH, k_mount_id_unique, &info) != 0 ||
      (info.stx_mask & k_mount_id_unique) == 0) {
    return 0;
  }
  return info.stx_mnt_id;
}

}  // namespace sched::os
