#include "security/names.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace sched::security {
namespace {

constexpr std::size_t k_longest_task_name = 128;
constexpr std::size_t k_longest_label = 64;
constexpr std::size_t k_longest_environment_name = 255;
constexpr std::size_t k_longest_key = 256;

bool is_word(char c) {
  return base::is_letter(c) || base::is_digit(c) || c == '_';
}
bool is_of_label(char c) {
  return is_word(c) || std::string_view(".:/-").find(c) != std::string_view::npos;
}

base::Error empty(std::string_view what) {
  return base::bad_input(fmt::format("the {} is empty", what), "give it at least one character");
}

base::Error too_long(std::string_view what, std::string_view text, std::size_t longest) {
  return base::bad_input(
      fmt::format("the {} {} has {} bytes", what, base::quote(text), text.size()),
      fmt::format("at most {} are allowed", longest));
}

base::Error bad_byte(std::string_view what, std::string_view text, std::size_t at,
                     std::string rule) {
  // A character of several bytes is shown whole.
  std::size_t length = 1;
  while (length < 4 && at + length < text.size() && !base::is_utf8(text.substr(at, length))) {
    ++length;
  }
  const bool whole = base::is_utf8(text.substr(at, length));
  return base::bad_input(fmt::format("the {} {} has {} at byte {}", what, base::quote(text),
                                     base::quote(text.substr(at, whole ? length : 1)), at + 1),
                         std::move(rule));
}

std::optional<base::Error> check_shape(std::string_view what, std::string_view text,
                                       std::size_t longest) {
  if (text.empty()) {
    return empty(what);
  }
  if (!is_word(text.front())) {
    return bad_byte(what, text, 0, "it begins with a letter, a digit or _");
  }
  const auto* const first_bad = std::find_if_not(text.begin(), text.end(), is_of_label);
  if (first_bad != text.end()) {
    return bad_byte(what, text, static_cast<std::size_t>(first_bad - text.begin()),
                    "letters, digits and _ . : / - are allowed");
  }
  if (text.size() > longest) {
    return too_long(what, text, longest);
  }
  return std::nullopt;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), base::is_digit);
}

/// Length of the character at the front, or 0 where it is no UTF-8 or a control character.
std::size_t printable_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x20 || byte(0) == 0x7F) {
    return 0;
  }
  for (std::size_t length = 1; length <= std::min<std::size_t>(4, text.size()); ++length) {
    if (base::is_utf8(text.substr(0, length))) {
      const bool c1 = length == 2 && byte(0) == 0xC2 && byte(1) < 0xA0;
      return c1 ? 0 : length;
    }
  }
  return 0;
}

}  // namespace

bool is_generated_name(std::string_view name) {
  for (const std::string_view prefix : {"task-", "run-"}) {
    if (name.starts_with(prefix) && all_digits(name.substr(prefix.size()))) {
      return true;
    }
  }
  return false;
}

std::optional<base::Error> check_task_name(std::string_view name) {
  if (auto error = check_shape("task name", name, k_longest_task_name)) {
    return error;
  }
  if (all_digits(name)) {
    return base::bad_input(
        fmt::format("the task name {} would be read as an id", base::quote(name)),
        fmt::format("put a letter into it, as in job-{}", name));
  }
  if (is_generated_name(name)) {
    return base::bad_input(
        fmt::format("the task name {} is one that sched gives", base::quote(name)),
        "task-NUMBER stands for an unnamed task and run-NUMBER for a run");
  }
  if (name == "last") {
    return base::bad_input("the task name 'last' stands for the task that was added last",
                           "choose another name");
  }
  return std::nullopt;
}

std::optional<base::Error> check_label(std::string_view what, std::string_view name) {
  return check_shape(what, name, k_longest_label);
}

std::optional<base::Error> check_tag(std::string_view tag) {
  return check_label("tag", tag);
}

std::optional<base::Error> check_environment_name(std::string_view name) {
  constexpr std::string_view k_what = "environment variable";
  if (name.empty()) {
    return empty("name of the environment variable");
  }
  const auto* const first_bad = std::find_if_not(name.begin(), name.end(), is_word);
  if (base::is_digit(name.front()) || first_bad != name.end()) {
    const auto at =
        base::is_digit(name.front()) ? 0 : static_cast<std::size_t>(first_bad - name.begin());
    return bad_byte(k_what, name, at,
                    "letters, digits and _ are allowed, and no digit comes first");
  }
  if (name.size() > k_longest_environment_name) {
    return too_long(k_what, name, k_longest_environment_name);
  }
  return std::nullopt;
}

std::optional<base::Error> check_key(std::string_view key) {
  if (key.empty()) {
    return empty("key");
  }
  for (std::size_t at = 0; at < key.size();) {
    const std::size_t length = printable_length(key.substr(at));
    if (length == 0) {
      return bad_byte("key", key, at, "a key is UTF-8 without control characters");
    }
    at += length;
  }
  if (key.size() > k_longest_key) {
    return too_long("key", key, k_longest_key);
  }
  return std::nullopt;
}

}  // namespace sched::security
