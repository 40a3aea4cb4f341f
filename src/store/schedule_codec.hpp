#pragma once

#include "base/json.hpp"
#include "model/schedule.hpp"

namespace sched::store {

/// A schedule as JSON with only what differs from the default.
base::Json schedule_json(const model::Schedule& schedule);
/// Undoes that. Throws base::Error or Json::exception for what schedule_json() does not write.
model::Schedule read_schedule(const base::Json& json);

}  // namespace sched::store
