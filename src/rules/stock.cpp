#include "rules/stock.hpp"

#include <algorithm>

namespace sched::rules {

namespace {

// Names that no resource and no lock can have: of disks, of files, and of files as they are seen.

std::string disk_name(std::uint64_t device) {
  return ":disk:" + std::to_string(device);
}
std::string file_name(const std::string& path) {
  return ":file:" + path;
}
std::string seen_name(const std::string& path) {
  return ":seen:" + path;
}

std::int64_t needed_on(std::uint64_t device, const model::Needs& needs) {
  std::int64_t bytes = 0;
  for (const model::FreeSpace& space : needs.space) {
    bytes += space.device == device ? space.bytes : 0;
  }
  return bytes;
}

}  // namespace

Stock::Stock(const std::vector<model::Resource>& resources) {
  for (const model::Resource& resource : resources) {
    levels_[level_at(resource.name)] = {resource.capacity, 0, resource.capacity};
  }
}

void Stock::see(const Outside& outside) {
  for (const Disk& disk : outside.disks) {
    Level& level = levels_[level_at(disk_name(disk.device))];
    level.capacity = disk.free_bytes;
    level.possible = disk.all_bytes;
  }
  for (const HeldFile& file : outside.files) {
    Holders& holders = locks_[lock_at(seen_name(file.path))];
    (file.exclusive ? holders.alone : holders.together) = 1;
  }
}

std::size_t Stock::level_at(const std::string& name) {
  const std::size_t place = resource_places_.emplace(name, levels_.size()).first->second;
  levels_.resize(std::max(levels_.size(), place + 1));
  return place;
}

std::size_t Stock::lock_at(const std::string& name) {
  const std::size_t place = lock_places_.emplace(name, locks_.size()).first->second;
  locks_.resize(std::max(locks_.size(), place + 1));
  return place;
}

Demand Stock::demand(const model::Needs& needs, int choice) {
  Demand demand;
  for (const model::Need& need : needs.amounts_of(choice)) {
    demand.amounts.emplace_back(level_at(need.resource), need.amount);
  }
  for (const model::FreeSpace& space : needs.space) {
    const std::size_t place = level_at(disk_name(space.device));
    // Two paths of one file system want it twice.
    const auto known = std::find_if(demand.amounts.begin(), demand.amounts.end(),
                                    [place](const auto& part) { return part.first == place; });
    if (known == demand.amounts.end()) {
      demand.amounts.emplace_back(place, space.bytes);
    } else {
      known->second += space.bytes;
    }
  }
  for (const model::Lock& lock : needs.locks) {
    demand.locks.emplace_back(lock_at(lock.name), lock.shared);
  }
  for (const model::FileLock& file : needs.files) {
    demand.locks.emplace_back(lock_at(file_name(file.path)), file.shared);
    demand.seen.emplace_back(lock_at(seen_name(file.path)), file.shared);
  }
  return demand;
}

void Stock::take(const Demand& demand, std::int64_t runs) {
  for (const auto& [place, amount] : demand.amounts) {
    levels_[place].used += amount * runs;
  }
  for (const auto& [place, shared] : demand.locks) {
    (shared ? locks_[place].together : locks_[place].alone) += runs;
  }
}

bool Stock::is_free(std::size_t lock, bool shared) const {
  return locks_[lock].alone <= 0 && (shared || locks_[lock].together <= 0);
}

bool Stock::fits(const Demand& demand) const {
  return std::all_of(demand.amounts.begin(), demand.amounts.end(),
                     [&](const auto& part) {
                       return levels_[part.first].used + part.second <=
                              levels_[part.first].capacity;
                     }) &&
         std::all_of(demand.locks.begin(), demand.locks.end(),
                     [&](const auto& part) { return is_free(part.first, part.second); }) &&
         std::all_of(demand.seen.begin(), demand.seen.end(),
                     [&](const auto& part) { return is_free(part.first, part.second); });
}

Demand Stock::missing(const Demand& demand) const {
  Demand missing;
  for (const auto& [place, amount] : demand.amounts) {
    if (levels_[place].used + amount > levels_[place].capacity) {
      missing.amounts.emplace_back(place, amount);
    }
  }
  const std::size_t named = demand.locks.size() - demand.seen.size();  // The others are of files.
  for (std::size_t i = 0; i < demand.locks.size(); ++i) {
    const auto& [place, shared] = demand.locks[i];
    const bool is_seen = i >= named && !is_free(demand.seen[i - named].first, shared);
    if (is_seen || !is_free(place, shared)) {
      missing.locks.emplace_back(place, shared);
    }
  }
  return missing;
}

bool Stock::is_exhausted(const Demand& demand) const {
  return !demand.empty() &&
         std::all_of(demand.amounts.begin(), demand.amounts.end(),
                     [&](const auto& part) {
                       return levels_[part.first].used >= levels_[part.first].capacity;
                     }) &&
         std::all_of(demand.locks.begin(), demand.locks.end(),
                     [&](const auto& part) { return locks_[part.first].alone > 0; });
}

bool Stock::is_possible(const Demand& demand) const {
  return std::all_of(demand.amounts.begin(), demand.amounts.end(),
                     [&](const auto& part) { return part.second <= levels_[part.first].possible; });
}

bool Stock::fits_both(const Demand& one, const Demand& other) const {
  for (const auto& [place, amount] : one.amounts) {
    for (const auto& [other_place, other_amount] : other.amounts) {
      if (place == other_place &&
          levels_[place].used + amount + other_amount > levels_[place].capacity) {
        return false;
      }
    }
  }
  for (const auto& [place, shared] : one.locks) {
    for (const auto& [other_place, other_shared] : other.locks) {
      if (place == other_place && !(shared && other_shared && is_free(place, true))) {
        return false;
      }
    }
  }
  return true;
}

std::vector<Shortage> Stock::shortages(const model::Needs& needs, int choice) const {
  std::vector<Shortage> missing;
  for (const model::Need& need : needs.amounts_of(choice)) {
    const auto found = resource_places_.find(need.resource);
    const Level level = found == resource_places_.end() ? Level{} : levels_[found->second];
    const std::int64_t free = std::max<std::int64_t>(0, level.capacity - level.used);
    if (need.amount > free) {
      missing.push_back({need.resource, false, need.amount, free, level.capacity});
    }
  }
  add_missing_locks(needs, missing);
  add_missing_space(needs, missing);
  return missing;
}

bool Stock::is_taken(const std::string& lock, bool shared) const {
  const auto found = lock_places_.find(lock);
  return found != lock_places_.end() && !is_free(found->second, shared);
}

void Stock::add_missing_locks(const model::Needs& needs, std::vector<Shortage>& missing) const {
  for (const model::Lock& lock : needs.locks) {
    if (is_taken(lock.name, lock.shared)) {
      missing.push_back({lock.name, true});
    }
  }
  for (const model::FileLock& file : needs.files) {
    const bool is_ours = is_taken(file_name(file.path), file.shared);
    if (is_ours || is_taken(seen_name(file.path), file.shared)) {
      missing.push_back({file.path, true});
      missing.back().is_file = true;
      missing.back().is_outside = !is_ours;
    }
  }
}

void Stock::add_missing_space(const model::Needs& needs, std::vector<Shortage>& missing) const {
  for (const model::FreeSpace& space : needs.space) {
    const auto found = resource_places_.find(disk_name(space.device));
    const Level level = found == resource_places_.end() ? Level{} : levels_[found->second];
    const std::int64_t free = std::max<std::int64_t>(0, level.capacity - level.used);
    const std::int64_t needed = needed_on(space.device, needs);
    if (needed > free) {
      Shortage shortage{space.path, false, needed, free, level.possible};
      shortage.is_space = true;
      shortage.reserved = level.used;
      shortage.device = space.device;
      missing.push_back(std::move(shortage));
    }
  }
}

std::vector<Shortage> Stock::shortages(const model::Needs& needs) const {
  for (int choice = 1; choice < needs.choices(); ++choice) {
    if (shortages(needs, choice).empty()) {
      return {};
    }
  }
  return shortages(needs, 0);
}

}  // namespace sched::rules
