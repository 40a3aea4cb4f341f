#include "rules/estimate.hpp"

#include <algorithm>
#include <numeric>

namespace sched::rules {

std::optional<time::Duration> estimate(const std::vector<time::Duration>& history,
                                       std::int64_t remaining, int slots) {
  if (history.empty()) {
    return std::nullopt;
  }
  const time::Duration total =
      std::accumulate(history.begin(), history.end(), time::Duration::zero());
  const time::Duration mean = total / static_cast<std::int64_t>(history.size());
  const auto busy =
      std::min<std::int64_t>(std::max(slots, 1), std::max<std::int64_t>(remaining, 1));
  return mean * remaining / busy;
}

}  // namespace sched::rules
