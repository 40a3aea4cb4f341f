#include "exchange/crontab_percent.hpp"

#include <algorithm>

namespace sched::exchange {
namespace {

/// Takes the command off the text's front, and the per cent sign that ends it.
std::string take_command(std::string_view& text) {
  std::string command;
  bool escaped = false;
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '%' && !escaped) {
      break;
    }
    if (c == '%') {
      command.back() = c;  // in place of its backslash
      escaped = false;
      continue;
    }
    command += c;
    // The second of two backslashes escapes nothing.
    escaped = c == '\\' && !escaped;
  }
  return command;
}

/// Unlike in the command, here a backslash before a per cent sign counts whatever stands before
/// it: cron reads the two parts in two places.
std::string read_input(std::string_view text) {
  std::string input;
  bool escaped = false;
  bool in_line = false;
  for (const char c : text) {
    if (escaped && c != '%') {
      input += '\\';
    }
    const bool breaks = c == '%' && !escaped;
    escaped = c == '\\';
    if (!escaped) {
      input += breaks ? '\n' : c;
      in_line = !breaks;
    }
  }
  if (escaped) {
    input += '\\';
  }
  // A backslash as the last character does not count as something in the line.
  return in_line ? input + '\n' : input;
}

}  // namespace

CommandText split_percent(std::string_view text) {
  CommandText split;
  split.command = take_command(text);
  split.input = read_input(text);
  return split;
}

std::optional<std::string> join_percent(const CommandText& text) {
  std::string joined;
  for (const char c : text.command) {
    joined += c == '%' ? "\\%" : std::string(1, c);
  }
  if (!text.input.empty()) {
    joined += '%';
    std::string_view lines = text.input;
    // Its last line break comes by itself, but only after something in the line.
    if (lines.ends_with('\n') && lines.size() > 1 && lines[lines.size() - 2] != '\n') {
      lines.remove_suffix(1);
    }
    for (const char c : lines) {
      joined += c == '%' ? "\\%" : std::string(1, c == '\n' ? '%' : c);
    }
  }
  const bool has_break =
      std::any_of(joined.begin(), joined.end(), [](char c) { return c == '\n' || c == '\0'; });
  if (has_break || !(split_percent(joined) == text)) {
    return std::nullopt;
  }
  return joined;
}

}  // namespace sched::exchange
