#pragma once

#include <cstddef>
#include <unordered_map>
#include <vector>

namespace sched::rules {

/// For each place in a list, the places that it comes after; those without any may be left out.
using PlacesAbove = std::unordered_map<std::size_t, std::vector<std::size_t>>;

/// The places 0 to `count` - 1, each after all that it comes after. Shorter than `count` when there
/// is a cycle: what is in one, or after one, is left out.
std::vector<std::size_t> list_order(std::size_t count, const PlacesAbove& above);

/// One cycle, going up from its first place until that comes again at the end; empty when there is
/// none.
std::vector<std::size_t> list_cycle(std::size_t count, const PlacesAbove& above);

}  // namespace sched::rules
