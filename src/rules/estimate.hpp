#pragma once

#include "time/instant.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace sched::rules {

/// How long `remaining` runs will take on `slots` slots when they take as long as past ones did;
/// empty without history.
std::optional<time::Duration> estimate(const std::vector<time::Duration>& history,
                                       std::int64_t remaining, int slots);

}  // namespace sched::rules
