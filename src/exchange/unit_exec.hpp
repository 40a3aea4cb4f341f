#pragma once

#include "base/result.hpp"
#include "exchange/unit_specifiers.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sched::exchange {

/// One command of an ExecStart= or its kin.
struct ExecCommand {
  std::string path;               ///< What is executed; found in systemd's search path if relative.
  std::vector<std::string> argv;  ///< argv[0] is the path, but for `@`. Variables stand as written.
  bool ignore_failure = false;    ///< `-`
  bool own_name = false;          ///< `@`: argv[0] is another than the path.
  bool expands = true;            ///< Not with `:`, which keeps every `$`.
  std::string privileges;         ///< `+`, `!` or `!!`: run with more rights than User= has.

  bool operator==(const ExecCommand&) const = default;
};

/// Reads one assignment as systemd.service(5) says under "Command lines": prefixes, quotes,
/// escapes, specifiers; a `;` that stands alone parts commands. Refused (ErrorKind::invalid_input)
/// when a quote is not closed, a specifier has no value, or there is no program.
base::Result<std::vector<ExecCommand>> split_exec(std::string_view text,
                                                  const Specifiers& specifiers);

/// The command as the value of an ExecStart=, so that systemd executes exactly these arguments.
/// Empty when it can't be said: no program, a relative path with a slash, a
/// directory, a name that begins with a prefix, a NUL.
std::optional<std::string> write_exec(const std::vector<std::string>& argv);

}  // namespace sched::exchange
