#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace sched::os {

/// How this process was started: enough to do it again.
struct Program {
  std::filesystem::path path;  ///< Absolute, links not followed: an upgrade may turn them.
  std::vector<std::string> arguments;
};

/// To be asked before the working directory changes.
Program own_program();

/// Executes the program in this very process, with one variable more in its environment. Comes back
/// only when that can't be done, with the errno. Descriptors that are not closed on exec, the mask
/// of signals and what is pending are kept.
int execute(const Program& program, const std::string& variable, const std::string& value);

/// Whether a descriptor stays open through execute().
void keep_through_exec(int fd, bool keep);

/// Takes a variable out of our environment, so that nothing we start sees it; "" when there is
/// none.
std::string take_variable(const char* name);

/// Reaps children that an earlier program in this process has left.
void reap_inherited();

}  // namespace sched::os
