#pragma once

#include <cstddef>
#include <string_view>

namespace sched::render {

/// The first character of a text.
struct Glyph {
  char32_t code = 0;
  std::size_t bytes = 1;  ///< 1 for a byte that begins no character.
  bool valid = false;
};

/// Reads one character (RFC 3629: no overlong forms, no surrogates); `text` is not empty.
Glyph first_glyph(std::string_view text);

/// How many bytes at the end of `text` begin a character that is not whole yet: 0 to 3.
std::size_t incomplete_tail(std::string_view text);

}  // namespace sched::render
