#include "render/safe_text.hpp"

#include "render/utf8.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace sched::render {
namespace {

/// Turns, hides or breaks what stands around it.
bool misleads(char32_t code) {
  return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) ||
         code == 0x061C || code == 0x200B || code == 0x200E || code == 0x200F || code == 0x2028 ||
         code == 0x2029 || code == 0xFEFF || (code >= 0xE0000 && code <= 0xE007F);
}

void append_safe(std::string& to, std::string_view text, bool keep_lines) {
  while (!text.empty()) {
    const Glyph glyph = first_glyph(text);
    const std::string_view bytes = text.substr(0, glyph.bytes);
    text.remove_prefix(glyph.bytes);
    const char32_t code = glyph.code;
    if (!glyph.valid) {
      to += fmt::format("\\x{:02x}", static_cast<unsigned char>(bytes[0]));
    } else if (keep_lines && (code == '\n' || code == '\t')) {
      to += static_cast<char>(code);
    } else if (keep_lines && code == '\r' && text.substr(0, 1) == "\n") {
      continue;
    } else if (code == '\n') {
      to += "\\n";
    } else if (code == '\t') {
      to += "\\t";
    } else if (code == '\r') {
      to += "\\r";
    } else if (code < 0x20 || (code >= 0x7F && code < 0xA0)) {
      to += fmt::format("\\x{:02x}", static_cast<unsigned>(code));
    } else if (misleads(code)) {
      to += fmt::format("\\u{:04x}", static_cast<unsigned>(code));
    } else {
      to += bytes;
    }
  }
}

}  // namespace

std::string safe(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  append_safe(result, text, false);
  return result;
}

std::string safe_json(std::string_view json) {
  std::string result;
  result.reserve(json.size());
  while (!json.empty()) {
    const Glyph glyph = first_glyph(json);
    const auto code = static_cast<std::uint32_t>(glyph.code);
    // Shorter controls are escaped already, but for the line ends between the values.
    const bool is_control = code >= 0x7F && code < 0xA0;
    if (!glyph.valid || !(is_control || misleads(glyph.code))) {
      result += json.substr(0, glyph.bytes);
    } else if (code > 0xFFFF) {
      const std::uint32_t rest = code - 0x10000;
      result += fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + (rest >> 10U), 0xDC00 + (rest & 0x3FFU));
    } else {
      result += fmt::format("\\u{:04x}", code);
    }
    json.remove_prefix(glyph.bytes);
  }
  return result;
}

std::string SafeOutput::pass(std::string_view piece) {
  kept_ += piece;
  std::size_t whole = kept_.size() - incomplete_tail(kept_);
  if (whole > 0 && whole == kept_.size() && kept_[whole - 1] == '\r') {
    --whole;  // Whether it belongs to an end of line, the next piece tells.
  }
  std::string result;
  append_safe(result, std::string_view(kept_).substr(0, whole), true);
  kept_.erase(0, whole);
  return result;
}

std::string SafeOutput::finish() {
  std::string result;
  append_safe(result, kept_, true);
  kept_.clear();
  return result;
}

}  // namespace sched::render
