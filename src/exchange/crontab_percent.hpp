#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sched::exchange {

/// What cron makes of the rest of a job's line.
struct CommandText {
  std::string command;  ///< For the shell.
  std::string input;    ///< For its standard input; empty when there is none.

  bool operator==(const CommandText&) const = default;
};

/// The first `%` ends the command and starts its input, where further ones are line breaks; `\%`
/// is a per cent sign. Quotes protect nothing, and no other backslash is touched. An input that
/// does not end a line gets its line break.
CommandText split_percent(std::string_view text);

/// The text that split_percent takes apart into this; empty when there is none: a line break in
/// the command, an input that does not end in one, or a backslash where one more would follow.
std::optional<std::string> join_percent(const CommandText& text);

}  // namespace sched::exchange
