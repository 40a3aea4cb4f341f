#pragma once

#include "rules/schedule_finding.hpp"

#include <string>
#include <vector>

namespace sched::rules {

/// What looks wrong in how a schedule reads the clock: fixed times that a change of clocks within
/// two years leaves out or shows twice (kinds gap and repeated), a zone other than the machine's
/// (zone), two day fields of cron of which either suffices (either_day), steps that don't divide
/// the hour or day (uneven).
std::vector<Finding> check_clock(const ReadFacts& read, time::Instant now,
                                 const std::string& machine_zone);

}  // namespace sched::rules
