#pragma once

#include "base/error.hpp"

#include <optional>
#include <string_view>

namespace sched::exchange {

/// Empty when `schedule` is what cron takes: five fields or a macro in the default dialect.
std::optional<base::Error> check_schedule(std::string_view schedule);

}  // namespace sched::exchange
