#include "base/words.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <optional>

namespace sched::base {
namespace {

/// Takes words off a text, byte by byte.
class WordReader {
 public:
  explicit WordReader(std::string_view text) : rest_(text) {}

  Result<std::vector<std::string>> read() {
    if (rest_.find('\0') != std::string_view::npos) {
      return bad_input("contains a NUL byte", "no program can be given one");
    }
    std::vector<std::string> words;
    while (true) {
      take_while(rest_, is_space);
      if (rest_.empty()) {
        return words;
      }
      word_.clear();
      while (!rest_.empty() && !is_space(rest_.front())) {
        if (const auto refused = take_piece()) {
          return *refused;
        }
      }
      words.push_back(word_);
    }
  }

 private:
  char take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  std::optional<Error> take_piece() {
    const char c = take();
    if (c == '\'' || c == '"') {
      return take_quoted(c);
    }
    if (c == '\\') {
      if (rest_.empty()) {
        return bad_input("it ends with a backslash", "a backslash keeps what follows it");
      }
      word_ += take();
      return std::nullopt;
    }
    // A shell would make something else of these, and whoever writes them may count on one.
    if (std::string_view("$`;|&<>()*?[]{}!#~").find(c) != std::string_view::npos) {
      return bad_input(quote(std::string_view(&c, 1)) + " stands there without quotes",
                       "no shell reads it: put it in '...' to have it as it is");
    }
    word_ += c;
    return std::nullopt;
  }

  std::optional<Error> take_quoted(char end) {
    while (!rest_.empty()) {
      const char c = take();
      if (c == end) {
        return std::nullopt;
      }
      const bool kept = end == '"' && c == '\\' && !rest_.empty() &&
                        std::string_view("\"\\$`").find(rest_.front()) != std::string_view::npos;
      if (end == '"' && (c == '$' || c == '`')) {
        return bad_input(quote(std::string_view(&c, 1)) + " stands there in \"...\"",
                         "no shell reads it: put it in '...' to have it as it is");
      }
      word_ += kept ? take() : c;
    }
    return bad_input("a quote is not closed",
                     "write '...' or \"...\" around what belongs together");
  }

  std::string_view rest_;
  std::string word_;
};

}  // namespace

Result<std::vector<std::string>> split_words(std::string_view text) {
  return WordReader(text).read();
}

std::string join_words(const std::vector<std::string>& words) {
  std::vector<std::string> quoted;
  for (const std::string& word : words) {
    quoted.push_back(shell_quote(word));
  }
  return join(quoted, " ");
}

}  // namespace sched::base
