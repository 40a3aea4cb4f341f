#include "exchange/unit_words.hpp"

#include "base/text.hpp"
#include "exchange/unit_escape.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::exchange {
namespace {

bool is_white(char c) {
  return k_unit_white.find(c) != std::string_view::npos;
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view("_-./:=,+@%${}()[]*?~^&|<>!#").find(c) != std::string_view::npos;
}

/// An escape off the text's front; one that is wrong is taken as it stands.
std::string take_escape(std::string_view& text) {
  if (auto escape = read_escape(text)) {
    text.remove_prefix(escape->length);
    return std::move(escape->bytes);
  }
  std::string verbatim(text.substr(0, std::min<std::size_t>(2, text.size())));
  text.remove_prefix(verbatim.size());
  return verbatim;
}

}  // namespace

std::string_view skip_unit_white(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(k_unit_white), text.size()));
  return text;
}

base::Result<std::optional<std::string>> take_unit_word(std::string_view& text) {
  text = skip_unit_white(text);
  if (text.empty()) {
    return std::optional<std::string>();
  }
  const std::string_view whole = text;
  std::string word;
  char quote = '\0';
  while (!text.empty() && (quote != '\0' || !is_white(text.front()))) {
    const char c = text.front();
    if (c == '\\') {
      word += take_escape(text);
      continue;
    }
    text.remove_prefix(1);
    if (quote != '\0' && c == quote) {
      quote = '\0';
    } else if (quote == '\0' && (c == '\'' || c == '"')) {
      quote = c;
    } else {
      word += c;
    }
  }
  if (quote != '\0') {
    return base::Error(base::ErrorKind::invalid_input,
                       fmt::format("{} has a quote that is not closed", base::quote(whole)));
  }
  text = skip_unit_white(text);
  return std::optional<std::string>(std::move(word));
}

base::Result<std::vector<std::string>> split_unit_words(std::string_view text) {
  std::vector<std::string> words;
  for (;;) {
    auto word = take_unit_word(text);
    if (!word) {
      return word.error();
    }
    if (!word->has_value()) {
      return words;
    }
    words.push_back(**word);
  }
}

base::Result<std::string> unescape_unit_text(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    if (text.front() != '\\') {
      plain += text.front();
      text.remove_prefix(1);
      continue;
    }
    const auto escape = read_escape(text);
    if (!escape) {
      return base::Error(base::ErrorKind::invalid_input,
                         fmt::format("{} begins with no escape", base::quote(text)),
                         "a backslash is written as \\\\");
    }
    plain += escape->bytes;
    text.remove_prefix(escape->length);
  }
  return plain;
}

std::string quote_unit_word(std::string_view value) {
  if (!value.empty() && std::all_of(value.begin(), value.end(), is_plain)) {
    return std::string(value);
  }
  return '"' + escape_unit_text(value) + '"';
}

std::string escape_unit_text(std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (c == '\\' || c == '"') {
      text += '\\';
      text += c;
    } else if (c == '\n') {
      text += "\\n";
    } else if (c == '\t') {
      text += "\\t";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      text += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace sched::exchange
