#include "rules/slices.hpp"

#include <algorithm>

namespace sched::rules {

std::optional<time::Instant> slice_end(time::Duration slice,
                                       const std::vector<time::Instant>& running_since,
                                       const std::optional<time::Instant>& last_stop) {
  if (running_since.empty()) {
    return std::nullopt;
  }
  const time::Instant end = *std::min_element(running_since.begin(), running_since.end()) + slice;
  const auto gap = slice / static_cast<std::int64_t>(running_since.size());
  return last_stop ? std::max(end, *last_stop + gap) : end;
}

}  // namespace sched::rules
