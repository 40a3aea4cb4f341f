#include "rules/stock.hpp"

#include <algorithm>

namespace sched::rules {

namespace {

std::int64_t needed_on(std::uint64_t device, const model::Needs& needs) {
  std::int64_t bytes = 0;
  for (const model::FreeSpace& space : needs.space) {
    bytes += space.device == device ? space.bytes : 0;
  }
  return bytes;
}

}  // namespace

Stock::Stock(const std::vector<model::Resource>& resources, const Outside& outside) {
  for (const Disk& disk : outside.disks) {
    disks_[disk.device] = {disk.free_bytes, disk.all_bytes, 0};
  }
  for (const HeldFile& file : outside.files) {
    (file.exclusive ? files_outside_[file.path].alone : files_outside_[file.path].together) += 1;
  }
  for (const model::Resource& resource : resources) {
    levels_[resource.name].capacity = resource.capacity;
  }
}

void Stock::take(const model::Needs& needs, std::int64_t runs) {
  for (const model::Need& need : needs.amounts) {
    levels_[need.resource].used += need.amount * runs;
  }
  for (const model::Lock& lock : needs.locks) {
    Holders& holders = locks_[lock.name];
    (lock.shared ? holders.together : holders.alone) += runs;
  }
  for (const model::FileLock& file : needs.files) {
    Holders& holders = files_[file.path];
    (file.shared ? holders.together : holders.alone) += runs;
  }
  for (const model::FreeSpace& space : needs.space) {
    disks_[space.device].reserved += space.bytes * runs;
  }
}

std::vector<Shortage> Stock::shortages(const model::Needs& needs) const {
  std::vector<Shortage> missing;
  for (const model::Need& need : needs.amounts) {
    const auto found = levels_.find(need.resource);
    const Level level = found == levels_.end() ? Level{} : found->second;
    const std::int64_t free = std::max<std::int64_t>(0, level.capacity - level.used);
    if (need.amount > free) {
      missing.push_back({need.resource, false, need.amount, free, level.capacity});
    }
  }
  add_missing_locks(needs, missing);
  add_missing_space(needs, missing);
  return missing;
}

void Stock::add_missing_locks(const model::Needs& needs, std::vector<Shortage>& missing) const {
  const auto is_taken = [](const std::map<std::string, Holders>& all, const std::string& name,
                           bool shared) {
    const auto found = all.find(name);
    return found != all.end() &&
           (found->second.alone > 0 || (!shared && found->second.together > 0));
  };
  for (const model::Lock& lock : needs.locks) {
    if (is_taken(locks_, lock.name, lock.shared)) {
      missing.push_back({lock.name, true});
    }
  }
  for (const model::FileLock& file : needs.files) {
    const bool is_ours = is_taken(files_, file.path, file.shared);
    if (is_ours || is_taken(files_outside_, file.path, file.shared)) {
      missing.push_back({file.path, true});
      missing.back().is_file = true;
      missing.back().is_outside = !is_ours;
    }
  }
}

void Stock::add_missing_space(const model::Needs& needs, std::vector<Shortage>& missing) const {
  for (const model::FreeSpace& space : needs.space) {
    const auto found = space.device == 0 ? disks_.end() : disks_.find(space.device);
    const Room room = found == disks_.end() ? Room{} : found->second;
    const std::int64_t free = std::max<std::int64_t>(0, room.free - room.reserved);
    // Two paths of one file system want it twice.
    const std::int64_t needed = needed_on(space.device, needs);
    if (needed > free) {
      Shortage shortage{space.path, false, needed, free, room.all};
      shortage.is_space = true;
      shortage.reserved = room.reserved;
      shortage.device = space.device;
      missing.push_back(std::move(shortage));
    }
  }
}

bool Stock::is_possible(const model::Needs& needs) const {
  return std::all_of(needs.amounts.begin(), needs.amounts.end(),
                     [&](const model::Need& need) {
                       const auto found = levels_.find(need.resource);
                       return found != levels_.end() && need.amount <= found->second.capacity;
                     }) &&
         std::all_of(needs.space.begin(), needs.space.end(), [&](const model::FreeSpace& space) {
           const auto found = space.device == 0 ? disks_.end() : disks_.find(space.device);
           return found != disks_.end() && needed_on(space.device, needs) <= found->second.all;
         });
}

std::int64_t Stock::used(const std::string& resource) const {
  const auto found = levels_.find(resource);
  return found == levels_.end() ? 0 : found->second.used;
}

void Reserved::add(const std::vector<Shortage>& shortages) {
  for (const Shortage& shortage : shortages) {
    if (shortage.is_space) {
      disks_.insert(shortage.device);
    } else {
      (shortage.is_file ? files_ : shortage.is_lock ? locks_ : resources_).insert(shortage.name);
    }
  }
}

bool Reserved::touches(const model::Needs& needs) const {
  return std::any_of(needs.amounts.begin(), needs.amounts.end(),
                     [&](const model::Need& need) { return resources_.contains(need.resource); }) ||
         std::any_of(needs.locks.begin(), needs.locks.end(),
                     [&](const model::Lock& lock) { return locks_.contains(lock.name); }) ||
         std::any_of(needs.files.begin(), needs.files.end(),
                     [&](const model::FileLock& file) { return files_.contains(file.path); }) ||
         std::any_of(needs.space.begin(), needs.space.end(),
                     [&](const model::FreeSpace& space) { return disks_.contains(space.device); });
}

}  // namespace sched::rules
