#include "render/details.hpp"

#include "render/safe_text.hpp"
#include "render/width.hpp"

#include <algorithm>

namespace sched::render {

std::string to_text(const std::vector<Detail>& details, int width, const Style& style) {
  constexpr int k_gap = 2;
  constexpr int k_narrowest = 20;
  int widest = 0;
  for (const Detail& detail : details) {
    if (!detail.value.text.empty()) {
      widest = std::max(widest, columns(detail.label));
    }
  }
  std::string text;
  for (const Detail& detail : details) {
    if (detail.value.text.empty()) {
      continue;
    }
    std::string margin = detail.label;
    margin.append(static_cast<std::size_t>(widest + k_gap - columns(detail.label)), ' ');
    const int room = std::max(k_narrowest, width - widest - k_gap);
    bool is_first = true;
    for (const std::string& line : wrapped(safe(detail.value.text), room)) {
      text += is_first ? style.paint(Tone::dim, margin)
                       : std::string(static_cast<std::size_t>(widest + k_gap), ' ');
      text += style.paint(detail.value.tone, line) + "\n";
      is_first = false;
    }
  }
  return text;
}

}  // namespace sched::render
