#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sched::exchange {

/// Refuses (ErrorKind::invalid_input) what is not cron's: five fields or a macro in the standard
/// dialect. Otherwise what should be said about it, mostly nothing.
base::Result<std::vector<std::string>> check_schedule(std::string_view schedule);

}  // namespace sched::exchange
