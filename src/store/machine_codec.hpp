#pragma once

#include "base/json.hpp"
#include "model/machine_limits.hpp"

namespace sched::store {

/// Adds what is not as usual to a task's specification.
void put_machine(base::Json& json, const model::MachineLimits& machine);
/// Throws what a damaged specification makes Json or the parsers throw.
model::MachineLimits read_machine(const base::Json& json);

}  // namespace sched::store
