#pragma once

#include "base/result.hpp"
#include "exchange/unit_exec.hpp"

#include <string>
#include <vector>

namespace sched::exchange {

/// A command for us: either arguments that are executed as they are, or text for `/bin/sh -c`.
struct PlainCommand {
  std::vector<std::string> argv;  ///< Empty when a shell is needed.
  std::string shell;

  bool operator==(const PlainCommand&) const = default;
};

/// The commands one after the other; the first that fails ends them, unless it has `-`. No shell is
/// needed for one command without variables. `$NAME` as a word of its own becomes none, one or
/// several words, `${NAME}` stays in its word, and `$$` is a dollar; the shell does it at the
/// start, for only then is the environment known. Refused (ErrorKind::invalid_input) is a variable
/// that systemd would drop for its name.
base::Result<PlainCommand> to_plain_command(const std::vector<ExecCommand>& commands);

}  // namespace sched::exchange
