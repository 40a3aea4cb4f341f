#include "worker/outside.hpp"

#include "os/disk.hpp"

namespace sched::worker {

void Surroundings::look_at(model::Needs& needs) {
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
  for (const model::FileLock& file : needs.files) {
    look_at(file);
  }
}

void Surroundings::look_at(const model::FileLock& file) {
  const auto [entry, is_new] = files_.try_emplace(file.path);
  if (!is_new) {
    return;
  }
  if (!locks_) {
    locks_.emplace();
  }
  for (const os::HeldLock& lock : locks_->on(file.path)) {
    if (lock.kind == os::HeldLock::Kind::flock && lock.same_device) {
      const bool exclusive = lock.exclusive || (entry->second && entry->second->exclusive);
      entry->second = {file.path, exclusive};
    }
  }
}

rules::Outside Surroundings::found() const {
  rules::Outside outside;
  for (const auto& [device, disk] : disks_) {
    outside.disks.push_back(disk);
  }
  for (const auto& [path, held] : files_) {
    if (held) {
      outside.files.push_back(*held);
    }
  }
  return outside;
}

}  // namespace sched::worker
