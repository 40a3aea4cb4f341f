#pragma once

#include "base/json.hpp"
#include "model/task.hpp"

#include <string>

namespace sched::render {

/// The command as it may be shown: secrets as `***`. The text of a shell command is shown as it is
/// written, an argument vector as a shell would read it back.
std::string command_text(const model::Command& command);

/// The same as an array of arguments.
base::Json command_json(const model::Command& command);

}  // namespace sched::render
