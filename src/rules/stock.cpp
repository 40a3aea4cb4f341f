#include "rules/stock.hpp"

#include <algorithm>

namespace sched::rules {

Stock::Stock(const std::vector<model::Resource>& resources) {
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
  for (const model::Lock& lock : needs.locks) {
    const auto found = locks_.find(lock.name);
    if (found != locks_.end() &&
        (found->second.alone > 0 || (!lock.shared && found->second.together > 0))) {
      missing.push_back({lock.name, true});
    }
  }
  return missing;
}

bool Stock::is_possible(const model::Needs& needs) const {
  return std::all_of(needs.amounts.begin(), needs.amounts.end(), [&](const model::Need& need) {
    const auto found = levels_.find(need.resource);
    return found != levels_.end() && need.amount <= found->second.capacity;
  });
}

std::int64_t Stock::used(const std::string& resource) const {
  const auto found = levels_.find(resource);
  return found == levels_.end() ? 0 : found->second.used;
}

void Reserved::add(const std::vector<Shortage>& shortages) {
  for (const Shortage& shortage : shortages) {
    (shortage.is_lock ? locks_ : resources_).insert(shortage.name);
  }
}

bool Reserved::touches(const model::Needs& needs) const {
  return std::any_of(needs.amounts.begin(), needs.amounts.end(),
                     [&](const model::Need& need) { return resources_.contains(need.resource); }) ||
         std::any_of(needs.locks.begin(), needs.locks.end(),
                     [&](const model::Lock& lock) { return locks_.contains(lock.name); });
}

}  // namespace sched::rules
