#pragma once

#include <optional>
#include <string>
#include <vector>

namespace sched::os {

/// What a program wrote to its standard output; empty when it could not be started or did not end
/// with 0. It is found in PATH, reads nothing, and what it says on standard error is lost. Waits
/// for its end.
std::optional<std::string> output_of(const std::vector<std::string>& argv);

}  // namespace sched::os
