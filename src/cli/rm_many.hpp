#pragma once

#include "cli/session.hpp"
#include "model/ids.hpp"

#include <vector>

namespace sched::cli {

/// Removes tasks in transactions of their own, with `cascade` all that comes after them too. Kept,
/// and told, is what runs and what others still come after. The exit code.
int rm_many(Session& session, std::vector<model::TaskId> tasks, bool cascade);

}  // namespace sched::cli
