#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

/// What every target has: runs the parser over one input. A fault is a crash, never a return value.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace fuzz {

inline std::string_view text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Like assert, but in every build.
inline void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

/// What holds for every refusal: words for a person, in one line that a terminal can show.
template <typename Error>
void require_readable(const Error& error) {
  require(!error.message().empty());
  for (const char c : error.message() + error.hint()) {
    require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
  }
}

/// What is read from `text`, if it can be, is written to a text that reads back the same.
template <typename Parse, typename Write>
void require_round_trip(std::string_view text, Parse parse, Write write) {
  const auto value = parse(text);
  if (!value) {
    require_readable(value.error());
    return;
  }
  require(parse(write(*value)).value() == *value);
}

}  // namespace fuzz
