#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sched::exchange {

struct UnitEscape {
  std::string bytes;
  std::size_t length = 0;  ///< Of the escape in the text, its backslash included.
};

/// The C escape that the text begins with, of those in systemd.syntax(7). Empty when it is none of
/// them, is cut short, or stands for NUL or for no character.
std::optional<UnitEscape> read_escape(std::string_view text);

}  // namespace sched::exchange
