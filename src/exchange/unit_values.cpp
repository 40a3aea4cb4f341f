#include "exchange/unit_values.hpp"

#include <algorithm>
#include <string>

namespace sched::exchange {

std::optional<bool> read_boolean(std::string_view text) {
  std::string word(text);
  std::transform(word.begin(), word.end(), word.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  for (const char* yes : {"1", "yes", "y", "true", "t", "on"}) {
    if (word == yes) {
      return true;
    }
  }
  for (const char* no : {"0", "no", "n", "false", "f", "off"}) {
    if (word == no) {
      return false;
    }
  }
  return std::nullopt;
}

}  // namespace sched::exchange
