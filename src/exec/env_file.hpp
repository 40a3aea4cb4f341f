#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sched::exec {

/// Reads NAME=VALUE lines as systemd's EnvironmentFile has them: an optional `export `, comments
/// that begin with # or ;, and a value that may stand in 'single' (as it is) or "double" quotes
/// (backslash before " \ $ ` keeps it; a quoted value may run over lines). Nothing is expanded.
/// Comes back as "NAME=VALUE" in the order of the file. A line that is none of this is refused and
/// named by its number.
base::Result<std::vector<std::string>> parse_env_file(std::string_view text);

/// `environment` with the entries of `wins` over it: one of each name, order kept.
std::vector<std::string> merge_environment(std::vector<std::string> environment,
                                           const std::vector<std::string>& wins);

/// The value of a name in a list of "NAME=VALUE", or empty text.
std::string_view environment_value(const std::vector<std::string>& environment,
                                   std::string_view name);

}  // namespace sched::exec
