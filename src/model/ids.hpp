#pragma once

#include "base/id.hpp"

namespace sched::model {

using TaskId = base::Id<struct TaskTag>;
using RunId = base::Id<struct RunTag>;
/// A launcher process and its journal; never used again, across reboots too.
using LauncherId = base::Id<struct LauncherTag>;

}  // namespace sched::model
