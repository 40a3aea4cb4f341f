#include "rules/list_order.hpp"

#include <algorithm>

namespace sched::rules {

std::vector<std::size_t> list_order(std::size_t count, const PlacesAbove& above) {
  std::vector<std::size_t> order;
  std::vector<std::size_t> open(count);
  PlacesAbove below;
  for (const auto& [place, upstream] : above) {
    open[place] = upstream.size();
    for (const std::size_t up : upstream) {
      below[up].push_back(place);
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (open[i] == 0) {
      order.push_back(i);
    }
  }
  for (std::size_t next = 0; next < order.size(); ++next) {
    const auto found = below.find(order[next]);
    if (found == below.end()) {
      continue;
    }
    for (const std::size_t place : found->second) {
      if (--open[place] == 0) {
        order.push_back(place);
      }
    }
  }
  return order;
}

std::vector<std::size_t> list_cycle(std::size_t count, const PlacesAbove& above) {
  std::vector<bool> is_left(count, true);
  for (const std::size_t place : list_order(count, above)) {
    is_left[place] = false;
  }
  const auto first = std::find(is_left.begin(), is_left.end(), true);
  if (first == is_left.end()) {
    return {};
  }
  // Every place that is left has one above it that is left: going up must come round.
  auto here = static_cast<std::size_t>(first - is_left.begin());
  std::vector<std::size_t> way;
  while (std::find(way.begin(), way.end(), here) == way.end()) {
    way.push_back(here);
    const auto& up = above.at(here);
    here = *std::find_if(up.begin(), up.end(), [&](std::size_t place) { return is_left[place]; });
  }
  way.erase(way.begin(), std::find(way.begin(), way.end(), here));
  way.push_back(here);
  return way;
}

}  // namespace sched::rules
