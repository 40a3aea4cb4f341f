#pragma once

#include "rules/schedule_finding.hpp"

#include <string>
#include <vector>

namespace sched::rules {

/// What looks wrong in these schedules before it bites, task by task, and in the end what concerns
/// two of them. `machine_zone` is the zone that people at this machine have in mind.
std::vector<Finding> check_schedules(const std::vector<ScheduleFacts>& tasks, time::Instant now,
                                     const std::string& machine_zone);

}  // namespace sched::rules
