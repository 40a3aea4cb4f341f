#include "rules/fair.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <tuple>

namespace sched::rules {

std::string share_of(const model::FairShares& shares, const model::Task& task) {
  if (shares.by == model::FairShares::By::user) {
    for (const char* name : {"USER", "LOGNAME"}) {
      const auto found = task.surroundings.environment.find(name);
      if (found != task.surroundings.environment.end()) {
        return found->second;
      }
    }
    return {};
  }
  const auto weighed = std::find_if(
      task.tags.begin(), task.tags.end(),
      [&](const std::string& tag) { return shares.weights.find(tag) != shares.weights.end(); });
  return weighed != task.tags.end() ? *weighed : task.tags.empty() ? "" : task.tags.front();
}

time::Duration used_at(const model::ShareUse& use, time::Duration half_life, time::Instant now) {
  // A clock that was set back makes nothing of what was used grow.
  const time::Duration age = std::max(now - use.as_of, time::Duration::zero());
  const double left =
      std::exp2(-static_cast<double>(age.count()) / static_cast<double>(half_life.count()));
  return time::Duration(std::llround(static_cast<double>(use.used.count()) * left));
}

model::ShareUse paid(const model::ShareUse& use, time::Duration half_life, time::Duration length,
                     time::Instant now) {
  constexpr time::Duration k_longest = std::chrono::hours(24 * 365);
  const time::Duration cost = std::clamp(length, time::Duration(1), k_longest);
  return {used_at(use, half_life, now) + cost, now};
}

std::vector<std::size_t> fair_order(const model::FairShares& shares,
                                    const std::map<std::string, time::Duration>& used,
                                    const std::vector<std::string>& share_of_each,
                                    const std::vector<time::Duration>& lengths) {
  std::map<std::string, std::deque<std::size_t>> lines;
  std::map<std::string, double> had;
  for (std::size_t i = 0; i < share_of_each.size(); ++i) {
    const std::string& share = share_of_each[i];
    lines[share].push_back(i);
    const auto known = used.find(share);
    had[share] = known == used.end() ? 0 : static_cast<double>(known->second.count());
  }
  const auto cost = [&](const std::string& share) {
    return std::tuple(had[share] / shares.weight_of(share), lines[share].front());
  };
  std::vector<std::size_t> order;
  while (!lines.empty()) {
    const auto next = std::min_element(
        lines.begin(), lines.end(),
        [&](const auto& a, const auto& b) { return cost(a.first) < cost(b.first); });
    const std::size_t place = next->second.front();
    order.push_back(place);
    had[next->first] += static_cast<double>(lengths[place].count());
    next->second.pop_front();
    if (next->second.empty()) {
      lines.erase(next);
    }
  }
  return order;
}

}  // namespace sched::rules
