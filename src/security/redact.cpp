#include "security/redact.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace sched::security {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n';
}
char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_of_word(char c) {
  return is_lower(c) || is_upper(c) || (c >= '0' && c <= '9');
}

/// The words of a name, in capitals: "db-password", "DB_PASSWORD" and "dbPassword" have two.
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words;
  bool open = false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (!is_of_word(name[i])) {
      open = false;
      continue;
    }
    const bool hump = i > 0 && is_lower(name[i - 1]) && is_upper(name[i]);
    if (!open || hump) {
      words.emplace_back();
    }
    open = true;
    words.back() += upper(name[i]);
  }
  return words;
}

bool is_secret_word(const std::string& word) {
  const std::string_view text = word;
  const auto has = [text](std::string_view part) {
    return text.find(part) != std::string_view::npos;
  };
  return has("PASSWORD") || has("PASSWD") || has("PASSPHRASE") || has("SECRET") ||
         has("CREDENTIAL") || text.ends_with("TOKEN") || text.ends_with("APIKEY");
}

bool is_one_of(std::string_view word, const std::vector<std::string_view>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// A word of a command line without the dashes of an option; empty where it is none.
std::string_view option_name(std::string_view argument) {
  if (argument.size() < 3 || argument.front() != '-') {
    return {};
  }
  return argument.substr(argument.find_first_not_of('-') == 1 ? 1 : 2);
}

/// What may be shown of "NAME=value" or "--name=value"; empty where it has no such form.
std::optional<std::string> redact_assignment(std::string_view argument) {
  const auto equals = argument.find('=');
  if (equals == std::string_view::npos || equals == 0 || equals + 1 == argument.size()) {
    return std::nullopt;
  }
  const std::string_view name = argument.substr(0, equals);
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return is_of_word(c) || c == '_' || c == '-' || c == '.';
  });
  if (!plain || !looks_secret(name)) {
    return std::nullopt;
  }
  return std::string(name) + "=" + std::string(k_redacted);
}

std::optional<std::string> redact_header(std::string_view argument) {
  constexpr std::string_view k_header = "AUTHORIZATION:";
  if (argument.size() <= k_header.size() ||
      !std::equal(k_header.begin(), k_header.end(), argument.begin(),
                  [](char a, char b) { return a == upper(b); })) {
    return std::nullopt;
  }
  return std::string(argument.substr(0, k_header.size())) + " " + std::string(k_redacted);
}

std::string redact_argument(std::string_view argument) {
  if (auto assignment = redact_assignment(argument)) {
    return *assignment;
  }
  if (auto header = redact_header(argument)) {
    return *header;
  }
  return redact_urls(argument);
}

/// Whether the argument is an option whose value, a secret, is the next argument.
bool takes_secret(std::string_view argument) {
  return argument.find('=') == std::string_view::npos && looks_secret(option_name(argument));
}

/// The end of the shell word that starts at `at`: white space outside of quotes ends it.
std::size_t end_of_word(std::string_view text, std::size_t at) {
  char quote = '\0';
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quote != '\0') {
      quote = c == quote ? '\0' : quote;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '\\' && at + 1 < text.size()) {
      ++at;
    } else if (is_space(c) || c == ';' || c == '|' || c == '&') {
      break;
    }
  }
  return at;
}

/// One word of a shell's text; the quotes round a whole word are no part of what it says.
std::string redact_shell_word(std::string_view word) {
  const bool quoted = word.size() >= 2 && (word.front() == '\'' || word.front() == '"') &&
                      word.find(word.front(), 1) == word.size() - 1;
  if (!quoted) {
    return redact_argument(word);
  }
  const std::string quote(1, word.front());
  return quote + redact_argument(word.substr(1, word.size() - 2)) + quote;
}

}  // namespace

bool looks_secret(std::string_view name) {
  const auto words = words_of(name);
  if (words.empty() || is_one_of(words.back(), {"FILE", "PATH", "DIR", "LENGTH"})) {
    return false;
  }
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool key = words[i] == "KEY" && i > 0 &&
                     is_one_of(words[i - 1], {"API", "PRIVATE", "ACCESS", "ENCRYPTION"});
    if (key || is_secret_word(words[i])) {
      return true;
    }
  }
  return name == "MYSQL_PWD";
}

std::string redact_value(std::string_view name, std::string_view value) {
  return looks_secret(name) && !value.empty() ? std::string(k_redacted) : redact_urls(value);
}

std::string redact_urls(std::string_view text) {
  constexpr std::string_view k_mark = "://";
  std::string shown;
  for (auto at = text.find(k_mark); at != std::string_view::npos; at = text.find(k_mark)) {
    shown += text.substr(0, at + k_mark.size());
    text.remove_prefix(at + k_mark.size());
    // The authority ends at the first of these; the last @ in it ends the user's part (RFC 3986).
    const std::string_view authority = text.substr(0, text.find_first_of("/?# \t\n'\""));
    const auto colon = authority.find(':');
    const auto host = authority.rfind('@');
    if (host != std::string_view::npos && colon < host && colon + 1 < host) {
      shown += authority.substr(0, colon + 1);
      shown += k_redacted;
      text.remove_prefix(host);
    }
  }
  return shown + std::string(text);
}

std::vector<std::string> redact_arguments(const std::vector<std::string>& arguments) {
  std::vector<std::string> shown;
  bool is_secret = false;
  for (const std::string& argument : arguments) {
    const bool is_value = is_secret && !argument.starts_with('-');
    shown.push_back(is_value ? std::string(k_redacted) : redact_argument(argument));
    is_secret = takes_secret(argument);
  }
  return shown;
}

std::string redact_shell(std::string_view text) {
  std::string shown;
  bool is_secret = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = end_of_word(text, at);
    if (end == at) {
      is_secret = is_secret && is_space(text[at]);
      shown += text[at];
      ++at;
      continue;
    }
    const std::string_view word = text.substr(at, end - at);
    const bool is_value = is_secret && !word.starts_with('-');
    shown += is_value ? std::string(k_redacted) : redact_shell_word(word);
    is_secret = takes_secret(word);
    at = end;
  }
  return shown;
}

}  // namespace sched::security
