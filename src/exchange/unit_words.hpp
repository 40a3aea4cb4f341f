#pragma once

#include "base/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sched::exchange {

/// What parts words in a unit file.
inline constexpr std::string_view k_unit_white = " \t\n\r";

/// Without the white space at the front.
std::string_view skip_unit_white(std::string_view text);

/// Takes the next word off the text as systemd.syntax(7) says: parted by white space, quotes of
/// both kinds anywhere in a word, C escapes (\n, \t, \s for a blank, \xHH, \NNN, \uXXXX) inside
/// and outside of them. An escape that is none keeps its backslash, as systemd does with a warning.
/// Empty at the end of the text; refused (ErrorKind::invalid_input) where a quote is not closed.
base::Result<std::optional<std::string>> take_unit_word(std::string_view& text);

/// All words of the text.
base::Result<std::vector<std::string>> split_unit_words(std::string_view text);

/// Resolves C escapes and nothing else; refused where one is wrong.
base::Result<std::string> unescape_unit_text(std::string_view text);

/// The value as one word that take_unit_word reads back: plain where that is safe.
/// Without NUL, for which there is no escape.
std::string quote_unit_word(std::string_view value);

/// The value with C escapes, for what is read by unescape_unit_text.
std::string escape_unit_text(std::string_view value);

}  // namespace sched::exchange
