#pragma once

#include "time/timespan.hpp"

#include <optional>
#include <string_view>

namespace sched::exchange {

using Span = time::TimeSpan;

/// systemd's words for yes and no, in any case; empty for others.
std::optional<bool> read_boolean(std::string_view text);

}  // namespace sched::exchange
