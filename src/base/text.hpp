#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sched::base {

/// Of ASCII alone: the functions of <cctype> follow the locale.
bool is_space(char c);
bool is_digit(char c);
bool is_letter(char c);
std::string lower_case(std::string_view text);

/// Takes the leading characters for which the predicate holds.
template <typename Predicate>
std::string_view take_while(std::string_view& text, Predicate predicate) {
  std::size_t length = 0;
  while (length < text.size() && predicate(text[length])) {
    ++length;
  }
  const std::string_view taken = text.substr(0, length);
  text.remove_prefix(length);
  return taken;
}

/// The pieces between the separators, empty ones included; at least one.
std::vector<std::string> split(std::string_view text, char separator);

/// Without the white space at both ends.
std::string_view trim(std::string_view text);

/// In single quotes; what is long is cut in its middle, what can't be printed is escaped. For
/// messages.
std::string quote(std::string_view text);

/// For a shell to read back as one word: plain where that is safe, single-quoted otherwise.
std::string shell_quote(std::string_view text);

/// The candidate that a person most likely meant (edit distance with transpositions, at most a
/// third of the word's length), or none.
std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates);

/// "did you mean 'x'?", or `otherwise` when nothing is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates,
                         std::string otherwise = {});

bool is_utf8(std::string_view text);

/// A whole number in decimal, nothing before or behind it but an optional '-'.
std::optional<std::int64_t> parse_int(std::string_view text);

/// Shell-like pattern with `*`, `?` and `[...]`, matched against the whole text.
bool glob_matches(std::string_view pattern, std::string_view text);

/// The names joined by ", ", and the last by `last`: "a, b or c".
std::string join(const std::vector<std::string>& words, std::string_view separator);

}  // namespace sched::base
