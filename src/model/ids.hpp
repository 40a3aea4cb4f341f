#pragma once

#include "base/id.hpp"

namespace sched::model {

using TaskId = base::Id<struct TaskTag>;
using RunId = base::Id<struct RunTag>;
using QueueId = base::Id<struct QueueTag>;
/// A line of queued runs that only their order tells apart; never used again.
using LaneId = base::Id<struct LaneTag>;
/// What stands before runs: a rate or a breaker; never used again.
using GuardId = base::Id<struct GuardTag>;
/// A launcher process and its journal; never used again, across reboots too.
using LauncherId = base::Id<struct LauncherTag>;

}  // namespace sched::model
