#pragma once

#include <string>
#include <string_view>

namespace sched::render {

/// What a text means, for colours.
enum class Tone { plain, strong, dim, good, bad, warn, active };

/// Colours or none: chosen once, where the terminal is known.
class Style {
 public:
  explicit Style(bool colour) : colour_(colour) {}
  /// `text` (safe and padded already) in the colours of its tone.
  std::string paint(Tone tone, std::string_view text) const;

 private:
  bool colour_;
};

}  // namespace sched::render
