#include "exchange/crontab_environment.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace sched::exchange {
namespace {

/// What isspace() says in the C locale.
bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

void skip_space(std::string_view& text) {
  while (!text.empty() && is_space(text.front())) {
    text.remove_prefix(1);
  }
}

/// The name at the start, with what follows it up to '=' checked and taken too.
std::optional<std::string> take_name(std::string_view& text) {
  std::size_t length = 0;
  std::size_t behind = 0;
  if (!text.empty() && (text.front() == '\'' || text.front() == '"')) {
    const char quote = text.front();
    text.remove_prefix(1);
    length = text.find(quote);
    if (length == std::string_view::npos || text.substr(0, length).find('=') < length) {
      return std::nullopt;
    }
    behind = length + 1;
  } else {
    while (length < text.size() && text[length] != '=' && !is_space(text[length])) {
      ++length;
    }
    behind = length;
  }
  std::string name(text.substr(0, length));
  text.remove_prefix(behind);
  skip_space(text);
  if (text.empty() || text.front() != '=') {
    return std::nullopt;
  }
  text.remove_prefix(1);
  return name;
}

std::optional<std::string> read_value(std::string_view text) {
  skip_space(text);
  if (!text.empty() && (text.front() == '\'' || text.front() == '"')) {
    const std::size_t end = text.find(text.front(), 1);
    if (end == std::string_view::npos ||
        !std::all_of(text.begin() + static_cast<std::ptrdiff_t>(end) + 1, text.end(), is_space)) {
      return std::nullopt;
    }
    return std::string(text.substr(1, end - 1));
  }
  while (!text.empty() && is_space(text.back())) {
    text.remove_suffix(1);
  }
  return std::string(text);
}

}  // namespace

std::optional<Variable> read_assignment(std::string_view line) {
  // Blanks only: cron skips no other white space before a line.
  while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) {
    line.remove_prefix(1);
  }
  auto name = take_name(line);
  if (!name) {
    return std::nullopt;
  }
  auto value = read_value(line);
  if (!value) {
    return std::nullopt;
  }
  return Variable{std::move(*name), std::move(*value)};
}

std::optional<std::string> write_assignment(const Variable& variable) {
  const std::string& value = variable.value;
  if (value.find('\n') != std::string::npos || value.find('\0') != std::string::npos ||
      value.ends_with('\r')) {
    return std::nullopt;
  }
  // Debian's cron refuses an empty value without quotes.
  for (const char* quote : {"", "\"", "'"}) {
    std::string line = variable.name + "=" + quote + value + quote;
    if ((*quote != '\0' || !value.empty()) && read_assignment(line) == variable) {
      return line;
    }
  }
  return std::nullopt;
}

bool is_portable_name(std::string_view name) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !name.empty() && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

std::optional<int> read_random_delay(std::string_view value) {
  constexpr int k_longest_min = 1440;
  const auto minutes = base::parse_int(value);
  if (!minutes || *minutes < 0 || *minutes > k_longest_min) {
    return std::nullopt;
  }
  return static_cast<int>(*minutes);
}

void set_variable(std::vector<Variable>& variables, const Variable& variable) {
  const auto same = std::find_if(variables.begin(), variables.end(),
                                 [&](const Variable& v) { return v.name == variable.name; });
  if (same == variables.end()) {
    variables.push_back(variable);
  } else {
    same->value = variable.value;
  }
}

const std::string* find_variable(const std::vector<Variable>& variables, std::string_view name) {
  const auto found = std::find_if(variables.begin(), variables.end(),
                                  [&](const Variable& v) { return v.name == name; });
  return found == variables.end() ? nullptr : &found->value;
}

}  // namespace sched::exchange
