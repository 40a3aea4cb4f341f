#pragma once

#include "model/ids.hpp"

#include <cstddef>
#include <vector>

namespace sched::rules {

/// How many more attempts a worker may start: its slots less what it runs.
std::size_t free_slots(std::size_t slots, std::size_t running);

}  // namespace sched::rules
