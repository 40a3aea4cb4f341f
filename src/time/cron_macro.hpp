#pragma once

#include "base/result.hpp"

#include <string_view>

namespace sched::time {

/// The five fields that a macro ("@daily") stands for; empty for "@reboot", which has none.
base::Result<std::string_view> expand_cron_macro(std::string_view macro);

}  // namespace sched::time
