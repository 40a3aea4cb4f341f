#include "rules/stock.hpp"

#include <algorithm>

namespace sched::rules {

Stock::Stock(const std::vector<model::Resource>& resources) {
  for (const model::Resource& resource : resources) {
    resource_places_.emplace(resource.name, levels_.size());
    levels_.push_back({resource.capacity, 0});
  }
}

std::size_t Stock::place_of(std::map<std::string, std::size_t>& places, const std::string& name,
                            std::size_t fresh) {
  return places.emplace(name, fresh).first->second;
}

Demand Stock::demand(const model::Needs& needs, int choice) {
  Demand demand;
  for (const model::Need& need : needs.amounts_of(choice)) {
    const std::size_t place = place_of(resource_places_, need.resource, levels_.size());
    levels_.resize(std::max(levels_.size(), place + 1));
    demand.amounts.emplace_back(place, need.amount);
  }
  for (const model::Lock& lock : needs.locks) {
    const std::size_t place = place_of(lock_places_, lock.name, locks_.size());
    locks_.resize(std::max(locks_.size(), place + 1));
    demand.locks.emplace_back(place, lock.shared);
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
                     [&](const auto& part) { return is_free(part.first, part.second); });
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
                     [&](const auto& part) { return part.second <= levels_[part.first].capacity; });
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
  for (const model::Lock& lock : needs.locks) {
    const auto found = lock_places_.find(lock.name);
    if (found != lock_places_.end() && !is_free(found->second, lock.shared)) {
      missing.push_back({lock.name, true});
    }
  }
  return missing;
}

std::vector<Shortage> Stock::shortages(const model::Needs& needs) const {
  for (int choice = 1; choice < needs.choices(); ++choice) {
    if (shortages(needs, choice).empty()) {
      return {};
    }
  }
  return shortages(needs, 0);
}

std::int64_t Stock::used(const std::string& resource) const {
  const auto found = resource_places_.find(resource);
  return found == resource_places_.end() ? 0 : levels_[found->second].used;
}

}  // namespace sched::rules
