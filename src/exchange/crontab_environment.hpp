#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sched::exchange {

struct Variable {
  std::string name;
  std::string value;

  bool operator==(const Variable&) const = default;
};

/// Reads "NAME = value" as cron does: a quote counts only as the first character of the name or of
/// the value and nothing may stand behind the closing one; what is not quoted loses the blanks at
/// its end and keeps everything else, `#` and inner quotes included. Nothing is expanded.
///
/// Empty when cron would not take the line for an assignment (it then tries it as a job). The name
/// can be one that is no name for a shell: see is_portable_name.
std::optional<Variable> read_assignment(std::string_view line);

/// The assignment as a line that read_assignment reads back; empty when no line can say it (a
/// line break or NUL in it, or blanks at an end beside both kinds of quotes).
std::optional<std::string> write_assignment(const Variable& variable);

/// `[A-Za-z_][A-Za-z0-9_]*`: cron takes any name, but a shell can only read these.
bool is_portable_name(std::string_view name);

/// The minutes of a RANDOM_DELAY, 0 to 1440; empty when cronie would not take it and delay nothing.
std::optional<int> read_random_delay(std::string_view value);

/// Sets the variable, in its old place if the name is there already.
void set_variable(std::vector<Variable>& variables, const Variable& variable);

/// Its value, or null.
const std::string* find_variable(const std::vector<Variable>& variables, std::string_view name);

}  // namespace sched::exchange
