#include "render/utf8.hpp"

#include <algorithm>

namespace sched::render {
namespace {

std::size_t expected_length(unsigned char first) {
  if (first < 0x80) {
    return 1;
  }
  if (first < 0xC2 || first > 0xF4) {
    return 0;
  }
  return first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
}

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

}  // namespace

Glyph first_glyph(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const std::size_t length = expected_length(first);
  if (length == 0 || text.size() < length) {
    return {};
  }
  if (length == 1) {
    return {first, 1, true};
  }
  auto code = static_cast<char32_t>(first & (0x7FU >> length));
  for (std::size_t i = 1; i < length; ++i) {
    if (!continues(text[i])) {
      return {};
    }
    code = (code << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (overlong || surrogate || code > 0x10FFFF) {
    return {};
  }
  return {code, length, true};
}

std::size_t incomplete_tail(std::string_view text) {
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
    const char c = text[text.size() - back];
    if (!continues(c)) {
      return expected_length(static_cast<unsigned char>(c)) > back ? back : 0;
    }
  }
  return 0;
}

}  // namespace sched::render
