#pragma once

#include "render/column.hpp"

#include <string>

namespace sched::render {

/// Adds `value`, made safe and broken at words to fit the view: its first line behind `first`, the
/// others behind `next`, which is as wide.
void append_paragraph(std::string& text, const std::string& first, const std::string& next,
                      Tone tone, const std::string& value, const View& view);

}  // namespace sched::render
