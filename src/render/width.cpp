#include "render/width.hpp"

#include "render/utf8.hpp"

#include <algorithm>
#include <iterator>

namespace sched::render {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

/// Combining marks and joiners, as far as common scripts use them.
constexpr Range k_narrowest[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x0610, 0x061A},  {0x064B, 0x065F},
    {0x0900, 0x0902}, {0x093C, 0x093C}, {0x0941, 0x0948}, {0x094D, 0x094D},  {0x0E31, 0x0E31},
    {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},  {0x200C, 0x200D},
    {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xE0100, 0xE01EF}};

/// East Asian Wide and Fullwidth (UAX #11), and emoji.
constexpr Range k_widest[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2329, 0x232A},   {0x23E9, 0x23EC},
    {0x2614, 0x2615},   {0x2648, 0x2653},   {0x26A1, 0x26A1},   {0x2705, 0x2705},
    {0x270A, 0x270B},   {0x2728, 0x2728},   {0x274C, 0x274C},   {0x274E, 0x274E},
    {0x2753, 0x2755},   {0x2757, 0x2757},   {0x2795, 0x2797},   {0x2B1B, 0x2B1C},
    {0x2B50, 0x2B50},   {0x2B55, 0x2B55},   {0x2E80, 0x303E},   {0x3041, 0x33FF},
    {0x3400, 0x4DBF},   {0x4E00, 0xA4CF},   {0xA960, 0xA97F},   {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},
    {0x16FE0, 0x18AFF}, {0x1B000, 0x1B2FF}, {0x1F004, 0x1F004}, {0x1F0CF, 0x1F0CF},
    {0x1F18E, 0x1F18E}, {0x1F191, 0x1F19A}, {0x1F200, 0x1F320}, {0x1F32D, 0x1F64F},
    {0x1F680, 0x1F6FF}, {0x1F7E0, 0x1F7EB}, {0x1F900, 0x1F9FF}, {0x1FA70, 0x1FAFF},
    {0x20000, 0x3FFFD}};

template <std::size_t N>
bool is_in(const Range (&ranges)[N], char32_t code) {
  const Range* found =
      std::lower_bound(std::begin(ranges), std::end(ranges), code,
                       [](const Range& range, char32_t wanted) { return range.last < wanted; });
  return found != std::end(ranges) && found->first <= code;
}

int columns_of(char32_t code) {
  if (code < 0x300) {
    return 1;
  }
  return is_in(k_narrowest, code) ? 0 : is_in(k_widest, code) ? 2 : 1;
}

/// Bytes of the longest beginning that takes at most `width` columns.
std::size_t head_within(std::string_view text, int width) {
  std::size_t bytes = 0;
  int used = 0;
  while (bytes < text.size()) {
    const Glyph glyph = first_glyph(text.substr(bytes));
    used += columns_of(glyph.code);
    if (used > width) {
      break;
    }
    bytes += glyph.bytes;
  }
  return bytes;
}

}  // namespace

int columns(std::string_view text) {
  int total = 0;
  while (!text.empty()) {
    const Glyph glyph = first_glyph(text);
    total += columns_of(glyph.code);
    text.remove_prefix(glyph.bytes);
  }
  return total;
}

std::string fitted(std::string_view text, int width) {
  if (head_within(text, width) == text.size()) {
    return std::string(text);
  }
  std::string_view head = text.substr(0, head_within(text, width - 1));
  while (head.ends_with(' ')) {
    head.remove_suffix(1);
  }
  return std::string(head) + "…";
}

std::vector<std::string> wrapped(std::string_view text, int width) {
  std::vector<std::string> lines;
  while (true) {
    std::size_t end = head_within(text, width);
    if (end == text.size()) {
      lines.emplace_back(text);
      return lines;
    }
    const std::size_t blank = text[end] == ' ' ? end : text.substr(0, end).rfind(' ');
    if (blank != std::string_view::npos && blank > 0) {
      end = blank;
    }
    end = std::max(end, first_glyph(text).bytes);
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    if (text.empty()) {
      return lines;
    }
  }
}

}  // namespace sched::render
