#pragma once

#include "simulation/operation.hpp"

#include <functional>

namespace sched::simulation {

/// The shortest schedule that is found by leaving out operations, in ever smaller chunks, while
/// `fails` still says so.
Schedule shrink(Schedule schedule, const std::function<bool(const Schedule&)>& fails);

}  // namespace sched::simulation
