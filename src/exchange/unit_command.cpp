#include "exchange/unit_command.hpp"

#include "base/text.hpp"
#include "exchange/crontab_environment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sched::exchange {
namespace {

/// A stretch of a word: text as it is, or the name of a variable.
struct Piece {
  std::string text;
  bool is_variable = false;
};

struct Word {
  std::vector<Piece> pieces;
  bool splits = false;  ///< One variable alone, which becomes as many words as it has.

  bool is_literal() const {
    return std::none_of(pieces.begin(), pieces.end(),
                        [](const Piece& piece) { return piece.is_variable; });
  }
  /// Only where is_literal().
  std::string literal() const {
    std::string whole;
    for (const Piece& piece : pieces) {
      whole += piece.text;
    }
    return whole;
  }
};

base::Error bad_name(std::string_view name, std::string_view word) {
  return {base::ErrorKind::invalid_input,
          fmt::format("{} in {} is no name of a variable: systemd would drop it", base::quote(name),
                      base::quote(word)),
          "a variable inside a word is ${NAME}, a dollar is $$"};
}

/// The variable in braces that the text begins with; its length, or 0 when it is plain text.
std::size_t braced_length(std::string_view text) {
  const std::size_t end = text.find_first_of("}:");
  return text.starts_with("${") && end != std::string_view::npos && text[end] == '}' ? end + 1 : 0;
}

base::Result<Word> read_word(std::string_view text) {
  const std::string_view whole = text;
  if (text.starts_with('$') && !text.starts_with("${") && !text.starts_with("$$")) {
    if (!is_portable_name(text.substr(1))) {
      return bad_name(text.substr(1), whole);
    }
    return Word{{{std::string(text.substr(1)), true}}, true};
  }
  Word word;
  std::string plain;
  while (!text.empty()) {
    std::size_t length = text.starts_with("$$") ? 2 : 1;
    if (const std::size_t braced = braced_length(text)) {
      const std::string_view name = text.substr(2, braced - 3);
      if (!is_portable_name(name)) {
        return bad_name(name, whole);
      }
      word.pieces.push_back({std::exchange(plain, {}), false});
      word.pieces.push_back({std::string(name), true});
      length = braced;
    } else {
      plain += text.front();  // of "$$" one is kept
    }
    text.remove_prefix(length);
  }
  word.pieces.push_back({plain, false});
  return word;
}

std::string to_shell(const Word& word) {
  if (word.is_literal()) {
    return base::shell_quote(word.literal());
  }
  if (word.splits) {
    return "$" + word.pieces.front().text;
  }
  std::string text;
  for (const Piece& piece : word.pieces) {
    if (piece.is_variable) {
      text += "\"${" + piece.text + "}\"";
    } else if (!piece.text.empty()) {
      text += base::shell_quote(piece.text);
    }
  }
  return text;
}

/// In quotes wherever a shell might see more in it than the name of a program.
std::string quote_program(const std::string& path) {
  const std::string quoted = base::shell_quote(path);
  const bool is_safe = path.starts_with('/') && path.find('=') == std::string::npos;
  return is_safe || quoted != path ? quoted : "'" + path + "'";
}

base::Result<std::vector<Word>> read_arguments(const ExecCommand& command) {
  std::vector<Word> words;
  for (std::size_t i = 1; i < command.argv.size(); ++i) {
    if (!command.expands) {
      words.push_back({{{command.argv[i], false}}});
      continue;
    }
    auto word = read_word(command.argv[i]);
    if (!word) {
      return word.error();
    }
    words.push_back(*std::move(word));
  }
  return words;
}

std::string to_shell(const ExecCommand& command, const std::vector<Word>& words) {
  std::string text = quote_program(command.path);
  for (const Word& word : words) {
    text += " " + to_shell(word);
  }
  return command.ignore_failure ? "{ " + text + " || true; }" : text;
}

}  // namespace

base::Result<PlainCommand> to_plain_command(const std::vector<ExecCommand>& commands) {
  PlainCommand plain;
  bool needs_shell = commands.size() != 1;
  bool splits = false;
  std::vector<std::string> parts;
  for (const ExecCommand& command : commands) {
    const auto words = read_arguments(command);
    if (!words) {
      return words.error();
    }
    plain.argv = {command.path};
    for (const Word& word : *words) {
      needs_shell = needs_shell || !word.is_literal();
      splits = splits || word.splits;
      plain.argv.push_back(word.is_literal() ? word.literal() : "");
    }
    needs_shell = needs_shell || command.ignore_failure;
    parts.push_back(to_shell(command, *words));
  }
  if (needs_shell) {
    plain.argv.clear();
    // A variable's value is split at blanks, but patterns in it are not looked up as files.
    plain.shell = (splits ? "set -f; " : "") + base::join(parts, " && ");
  }
  return plain;
}

}  // namespace sched::exchange
