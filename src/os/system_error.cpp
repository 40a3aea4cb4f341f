#include "os/system_error.hpp"

#include <cctype>
#include <system_error>

namespace sched::os {

std::string errno_text(int number) {
  std::string text = std::generic_category().message(number);
  if (text.size() > 1 && std::islower(static_cast<unsigned char>(text[1])) != 0) {
    text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  }
  return text;
}

base::Error system_error(int number, const std::string& what, base::ErrorKind kind) {
  return base::Error(kind, what + ": " + errno_text(number));
}

}  // namespace sched::os
