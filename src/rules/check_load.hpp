#pragma once

#include "rules/schedule_finding.hpp"

#include <vector>

namespace sched::rules {

/// Runs that take longer on average than the time between two firings: kind always_skips where the
/// overlap policy then leaves out firings all the time, overrun otherwise.
std::vector<Finding> check_own_load(const ReadFacts& read, time::Instant now);

/// Pairs of tasks with long runs of which one always starts at a moment of the other (kind
/// same_moment).
std::vector<Finding> check_shared_moments(const std::vector<ReadFacts>& all, time::Instant now);

}  // namespace sched::rules
