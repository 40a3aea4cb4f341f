#include "exchange/unit_exec.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "exchange/unit_words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::exchange {
namespace {

/// Takes `mark` when it stands alone.
bool take_mark(std::string_view& text, std::string_view mark) {
  const bool alone =
      text.starts_with(mark) && (text.size() == mark.size() ||
                                 k_unit_white.find(text[mark.size()]) != std::string_view::npos);
  if (alone) {
    text.remove_prefix(mark.size());
    text = skip_unit_white(text);
  }
  return alone;
}

/// Prefixes may stand in any order, each once.
std::string_view take_prefixes(std::string_view word, ExecCommand& command) {
  for (; !word.empty(); word.remove_prefix(1)) {
    const char c = word.front();
    if (c == '-' && !command.ignore_failure) {
      command.ignore_failure = true;
    } else if (c == '@' && !command.own_name) {
      command.own_name = true;
    } else if (c == ':' && command.expands) {
      command.expands = false;
    } else if (c == '+' && command.privileges.empty()) {
      command.privileges = c;
    } else if (c == '!' && (command.privileges.empty() || command.privileges == "!")) {
      command.privileges += c;
    } else {
      break;
    }
  }
  return word;
}

/// The words up to the command's end.
base::Result<ExecCommand> take_command(const std::string& first, std::string_view& text,
                                       const Specifiers& specifiers) {
  ExecCommand command;
  const auto path = expand_specifiers(take_prefixes(first, command), specifiers);
  if (!path) {
    return path.error();
  }
  if (path->empty() || path->ends_with('/')) {
    return base::bad_input(fmt::format("{} names no program", base::quote(first)));
  }
  command.path = *path;
  if (!command.own_name) {
    command.argv.push_back(*path);
  }
  while (!text.empty() && !take_mark(text, ";")) {
    // Only so: "\;" in quotes and "\\;" are something else.
    if (take_mark(text, "\\;")) {
      command.argv.emplace_back(";");
      continue;
    }
    const auto word = take_unit_word(text);
    if (!word) {
      return word.error();
    }
    const auto expanded = expand_specifiers(word->value_or(""), specifiers);
    if (!expanded) {
      return expanded.error();
    }
    command.argv.push_back(*expanded);
  }
  if (command.argv.empty()) {
    return base::bad_input(fmt::format("{} has no name behind its '@'", base::quote(first)));
  }
  return command;
}

}  // namespace

base::Result<std::vector<ExecCommand>> split_exec(std::string_view text,
                                                  const Specifiers& specifiers) {
  std::vector<ExecCommand> commands;
  text = skip_unit_white(text);
  while (!text.empty()) {
    const auto first = take_unit_word(text);
    if (!first) {
      return first.error();
    }
    if (*first == ";") {
      continue;
    }
    auto command = take_command(first->value_or(""), text, specifiers);
    if (!command) {
      return command.error();
    }
    commands.push_back(*std::move(command));
  }
  return commands;
}

namespace {

/// Whether ExecStart= can name this program: its prefixes are looked for behind the quotes.
bool can_name(const std::string& program) {
  const bool is_control = std::any_of(program.begin(), program.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
  });
  const bool is_relative = program.find('/') != std::string::npos && !program.starts_with('/');
  return !program.empty() && program != ";" && !program.ends_with('/') && !is_relative &&
         !is_control && std::string_view("-@:+!").find(program.front()) == std::string_view::npos;
}

std::string write_argument(const std::string& argument) {
  std::string escaped;
  for (const char c : escape_specifiers(argument)) {
    escaped += c == '$' ? "$$" : std::string(1, c);
  }
  // A word that is nothing but ";" would end the command.
  return argument == ";" ? "\\;" : quote_unit_word(escaped);
}

}  // namespace

std::optional<std::string> write_exec(const std::vector<std::string>& argv) {
  if (argv.empty() || !can_name(argv.front())) {
    return std::nullopt;
  }
  // Variables are replaced in argv[0], yet not in the path: where they differ, both are written.
  const std::string& program = argv.front();
  const bool has_dollar = program.find('$') != std::string::npos;
  std::string text = quote_unit_word((has_dollar ? "@" : "") + escape_specifiers(program));
  for (std::size_t i = has_dollar ? 0 : 1; i < argv.size(); ++i) {
    if (argv[i].find('\0') != std::string::npos) {
      return std::nullopt;
    }
    text += " " + write_argument(argv[i]);
  }
  return text;
}

}  // namespace sched::exchange
