#include "render/paragraph.hpp"

#include "render/safe_text.hpp"
#include "render/width.hpp"

namespace sched::render {

void append_paragraph(std::string& text, const std::string& first, const std::string& next,
                      Tone tone, const std::string& value, const View& view) {
  const std::string* margin = &first;
  for (const std::string& line : wrapped(safe(value), view.width - columns(next))) {
    text += *margin + view.style.paint(tone, line) + "\n";
    margin = &next;
  }
}

}  // namespace sched::render
