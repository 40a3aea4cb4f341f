#pragma once

#include "base/result.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sched::security {

/// Names and values of environment variables.
using Environment = std::map<std::string, std::string, std::less<>>;

/// PATH, HOME, SHELL, USER, LOGNAME, LANG, TZ and all of LC_*: what a command needs to find its
/// way, and nothing in which secrets are usually kept.
bool is_captured_by_default(std::string_view name);

/// What of a person's environment is kept with a task.
struct Capture {
  std::vector<std::string> names;  ///< Further variables, each of which must be set.
  bool all = false;  ///< Everything but SCHED_*, which tells a command about an outer run.
  bool operator==(const Capture&) const = default;
};

/// The variables of `environment` that are kept. A name that is not set is refused
/// (ErrorKind::invalid_input) with the nearest that is.
base::Result<Environment> captured(const Environment& environment, const Capture& capture);

}  // namespace sched::security
