#pragma once

#include "cli/keep.hpp"

#include <optional>

namespace sched::cli {

/// The task that is there already with this one's key or name. Throws invalid_input when that is
/// refused.
std::optional<model::TaskId> find_existing(store::Store& store, const model::Task& task,
                                           IfExists if_exists);

}  // namespace sched::cli
