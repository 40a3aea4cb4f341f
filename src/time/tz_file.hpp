#pragma once

#include "time/posix_rule.hpp"

#include <optional>
#include <string_view>

namespace sched::time {

/// The rule in the last line of a zone's tzdata file (RFC 8536, section 3.3); empty when the file
/// has none or can't be read. `name` is one that date has found in its own list.
std::optional<PosixRule> read_footer(std::string_view name);

}  // namespace sched::time
