#include "exchange/unit_escape.hpp"

#include <charconv>
#include <cstdint>

namespace sched::exchange {
namespace {

std::optional<std::uint32_t> read_number(std::string_view digits, std::size_t count, int base) {
  digits = digits.substr(0, count);
  std::uint32_t number = 0;
  const auto [end, failure] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  if (digits.size() != count || failure != std::errc() || end != digits.data() + count) {
    return std::nullopt;
  }
  return number;
}

std::string utf8(std::uint32_t c) {
  const auto byte = [](std::uint32_t value) { return static_cast<char>(value); };
  const auto tail = [&](int shift) { return byte(0x80 | ((c >> shift) & 0x3F)); };
  if (c < 0x80) {
    return {byte(c)};
  }
  if (c < 0x800) {
    return {byte(0xC0 | (c >> 6)), tail(0)};
  }
  if (c < 0x10000) {
    return {byte(0xE0 | (c >> 12)), tail(6), tail(0)};
  }
  return {byte(0xF0 | (c >> 18)), tail(12), tail(6), tail(0)};
}

std::optional<UnitEscape> read_byte(std::string_view digits, std::size_t count, int base,
                                    std::size_t before) {
  const auto number = read_number(digits, count, base);
  if (!number || *number == 0 || *number > 0xFF) {
    return std::nullopt;
  }
  return UnitEscape{std::string(1, static_cast<char>(*number)), before + count};
}

std::optional<UnitEscape> read_character(std::string_view digits, std::size_t count) {
  const auto number = read_number(digits, count, 16);
  const bool is_surrogate = number && *number >= 0xD800 && *number <= 0xDFFF;
  if (!number || *number == 0 || *number > 0x10FFFF || is_surrogate) {
    return std::nullopt;
  }
  return UnitEscape{utf8(*number), 2 + count};
}

}  // namespace

std::optional<UnitEscape> read_escape(std::string_view text) {
  if (text.size() < 2 || text.front() != '\\') {
    return std::nullopt;
  }
  constexpr std::string_view k_letters = "abfnrtv\\\"'s";
  constexpr std::string_view k_meanings = "\a\b\f\n\r\t\v\\\"' ";
  const char letter = text[1];
  if (const std::size_t at = k_letters.find(letter); at != std::string_view::npos) {
    return UnitEscape{std::string(1, k_meanings[at]), 2};
  }
  if (letter == 'x') {
    return read_byte(text.substr(2), 2, 16, 2);
  }
  if (letter == 'u') {
    return read_character(text.substr(2), 4);
  }
  if (letter == 'U') {
    return read_character(text.substr(2), 8);
  }
  return read_byte(text.substr(1), 3, 8, 1);
}

}  // namespace sched::exchange
