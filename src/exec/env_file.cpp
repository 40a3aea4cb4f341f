#include "exec/env_file.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace sched::exec {

namespace {

bool is_name(std::string_view name) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !name.empty() && letter(name[0]) && std::all_of(name.begin(), name.end(), [&](char c) {
    return letter(c) || (c >= '0' && c <= '9');
  });
}

/// Walks over the text, one value at a time.
struct Cursor {
  std::string_view text;
  std::size_t at = 0;
  int line = 1;

  bool done() const { return at >= text.size(); }
  char take() {
    const char c = text[at++];
    line += c == '\n' ? 1 : 0;
    return c;
  }
};

/// The rest of the line behind '='; empty when a quote is not closed or something follows it.
std::optional<std::string> take_value(Cursor& cursor) {
  std::string value;
  while (!cursor.done() && (cursor.text[cursor.at] == ' ' || cursor.text[cursor.at] == '\t')) {
    cursor.take();
  }
  const char quote = cursor.done() ? '\0' : cursor.text[cursor.at];
  if (quote != '\'' && quote != '"') {
    while (!cursor.done() && cursor.text[cursor.at] != '\n') {
      value.push_back(cursor.take());
    }
    return std::string(base::trim(value));
  }
  cursor.take();
  for (;;) {
    if (cursor.done()) {
      return std::nullopt;
    }
    const char c = cursor.take();
    if (c == quote) {
      break;
    }
    constexpr std::string_view k_escapable = "\"\\$`";
    if (c == '\\' && quote == '"' && !cursor.done() &&
        k_escapable.find(cursor.text[cursor.at]) != std::string_view::npos) {
      value.push_back(cursor.take());
      continue;
    }
    value.push_back(c);
  }
  while (!cursor.done() && cursor.text[cursor.at] != '\n') {
    const char c = cursor.take();
    if (c != ' ' && c != '\t' && c != '\r') {
      return std::nullopt;
    }
  }
  return value;
}

}  // namespace

base::Result<std::vector<std::string>> parse_env_file(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) {
    return base::Error(base::ErrorKind::invalid_input, "has a NUL byte");
  }
  std::vector<std::string> entries;
  Cursor cursor{text};
  while (!cursor.done()) {
    const int line = cursor.line;
    std::string name;
    while (!cursor.done() && cursor.text[cursor.at] != '\n' && cursor.text[cursor.at] != '=') {
      name.push_back(cursor.take());
    }
    std::string_view word = base::trim(name);
    if (word.empty() ? (cursor.done() || cursor.text[cursor.at] == '\n')
                     : (word[0] == '#' || word[0] == ';')) {
      while (!cursor.done() && cursor.take() != '\n') {
      }
      continue;
    }
    if (word.substr(0, 7) == "export ") {
      word = base::trim(word.substr(7));
    }
    if (cursor.done() || cursor.text[cursor.at] != '=' || !is_name(word)) {
      return base::Error(base::ErrorKind::invalid_input,
                         fmt::format("line {}: expected NAME=VALUE", line));
    }
    cursor.take();
    const auto value = take_value(cursor);
    if (!value.has_value()) {
      return base::Error(base::ErrorKind::invalid_input,
                         fmt::format("line {}: its quotes do not match", line));
    }
    entries.push_back(std::string(word) + "=" + *value);
  }
  return entries;
}

std::vector<std::string> merge_environment(std::vector<std::string> environment,
                                           const std::vector<std::string>& wins) {
  for (const std::string& entry : wins) {
    const std::string_view name = std::string_view(entry).substr(0, entry.find('=') + 1);
    const auto same = [&](const std::string& other) {
      return other.compare(0, name.size(), name) == 0;
    };
    const auto found = std::find_if(environment.begin(), environment.end(), same);
    if (found == environment.end()) {
      environment.push_back(entry);
    } else {
      *found = entry;
    }
  }
  return environment;
}

std::string_view environment_value(const std::vector<std::string>& environment,
                                   std::string_view name) {
  for (const std::string& entry : environment) {
    const std::string_view view = entry;
    if (view.size() > name.size() && view[name.size()] == '=' &&
        view.substr(0, name.size()) == name) {
      return view.substr(name.size() + 1);
    }
  }
  return {};
}

}  // namespace sched::exec
