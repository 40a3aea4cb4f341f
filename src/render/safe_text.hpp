#pragma once

#include <string>
#include <string_view>

namespace sched::render {

/// One line that no terminal takes for a command: control characters, bytes that are no UTF-8 and
/// characters that turn or hide text (bidi controls, zero-width spaces, tags) become escapes such
/// as \x1b, \n or \u202e.
std::string safe(std::string_view text);

/// JSON with the characters that safe() escapes written as \uXXXX: the same values to a program.
std::string safe_json(std::string_view json);

/// Output of a command for a terminal, piece by piece: like safe(), but lines and tabs stay, and
/// "\r\n" is a plain end of line. What a piece leaves unfinished is kept for the next.
class SafeOutput {
 public:
  std::string pass(std::string_view piece);
  /// What was kept, at the end.
  std::string finish();

 private:
  std::string kept_;
};

}  // namespace sched::render
