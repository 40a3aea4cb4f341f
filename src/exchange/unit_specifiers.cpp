#include "exchange/unit_specifiers.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace sched::exchange {
namespace {

/// A name's part without the escapes of systemd-escape(1): '-' is '/', \xHH a byte.
std::string unescape_name(std::string_view name) {
  std::string plain;
  while (!name.empty()) {
    unsigned byte = 0;
    if (name.size() >= 4 && name.starts_with("\\x") &&
        std::from_chars(name.data() + 2, name.data() + 4, byte, 16).ptr == name.data() + 4) {
      plain += static_cast<char>(byte);
      name.remove_prefix(4);
      continue;
    }
    plain += name.front() == '-' ? '/' : name.front();
    name.remove_prefix(1);
  }
  return plain;
}

}  // namespace

Specifiers specifiers_of(std::string_view unit_name) {
  const std::string_view bare = unit_name.substr(0, unit_name.rfind('.'));
  const std::size_t at = bare.find('@');
  const std::string_view prefix = bare.substr(0, at);
  const std::string_view instance =
      at == std::string_view::npos ? std::string_view() : bare.substr(at + 1);
  const std::size_t dash = prefix.rfind('-');
  const std::string_view last = dash == std::string_view::npos ? prefix : prefix.substr(dash + 1);
  const std::string file = unescape_name(instance.empty() ? prefix : instance);
  return {{'n', std::string(unit_name)},
          {'f', (file.starts_with('/') ? "" : "/") + file},
          {'N', std::string(bare)},
          {'p', std::string(prefix)},
          {'P', unescape_name(prefix)},
          {'i', std::string(instance)},
          {'I', unescape_name(instance)},
          {'j', std::string(last)},
          {'J', unescape_name(last)},
          {'t', "/run"},
          {'S', "/var/lib"},
          {'C', "/var/cache"},
          {'L', "/var/log"},
          {'E', "/etc"},
          {'T', "/tmp"},
          {'V', "/var/tmp"}};
}

base::Result<std::string> expand_specifiers(std::string_view text, const Specifiers& specifiers) {
  constexpr std::string_view k_known = "aAbBCdDEfgGhHiIjJlLmMnNopPqsStTuUvVwWyY";
  std::string expanded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%' || i + 1 == text.size()) {
      expanded += text[i];
      continue;
    }
    const char letter = text[++i];
    const auto found = specifiers.find(letter);
    if (letter == '%') {
      expanded += '%';
    } else if (found != specifiers.end()) {
      expanded += found->second;
    } else if (k_known.find(letter) != std::string_view::npos) {
      return base::Error(base::ErrorKind::invalid_input,
                         fmt::format("%{} in {} has no value here", letter, base::quote(text)),
                         "write out what it stands for");
    } else {
      expanded += '%';
      expanded += letter;
    }
  }
  return expanded;
}

std::string escape_specifiers(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    escaped += c == '%' ? "%%" : std::string(1, c);
  }
  return escaped;
}

}  // namespace sched::exchange
