#include "os/command_output.hpp"

#include <stdio.h>

#include <array>

namespace sched::os {

std::optional<std::string> output_of(const char* command) {
  FILE* pipe = popen(command, "re");
  if (pipe == nullptr) {
    return std::nullopt;
  }
  std::string text;
  std::array<char, 4096> piece{};
  for (std::size_t got = 1; got > 0;) {
    got = fread(piece.data(), 1, piece.size(), pipe);
    text.append(piece.data(), got);
  }
  return pclose(pipe) == 0 ? std::optional(text) : std::nullopt;
}

}  // namespace sched::os
