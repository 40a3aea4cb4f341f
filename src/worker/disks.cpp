#include "worker/disks.hpp"

#include "os/disk.hpp"

namespace sched::worker {

void Disks::locate(model::Needs& needs) {
  for (model::FreeSpace& space : needs.space) {
    auto known = devices_.find(space.path);
    if (known == devices_.end()) {
      const auto found = os::disk_space(space.path);
      known = devices_.emplace(space.path, found ? found->device : 0).first;
      if (found) {
        disks_[found->device] = {found->device, found->free_bytes, found->all_bytes};
      }
    }
    space.device = known->second;
  }
}

std::vector<rules::Disk> Disks::all() const {
  std::vector<rules::Disk> disks;
  for (const auto& [device, disk] : disks_) {
    disks.push_back(disk);
  }
  return disks;
}

}  // namespace sched::worker
