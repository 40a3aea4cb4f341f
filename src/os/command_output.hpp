#pragma once

#include <optional>
#include <string>

namespace sched::os {

/// What a shell command wrote to its standard output; empty when it could not be started or did
/// not end with 0. `command` must be a literal: nothing that came from elsewhere belongs into it.
std::optional<std::string> output_of(const char* command);

}  // namespace sched::os
