#pragma once

#include "render/table.hpp"

#include <string>
#include <vector>

namespace sched::render {

/// One labelled value of a thing that is shown whole.
struct Detail {
  std::string label;
  Cell value;  ///< An empty text leaves the detail out.
};

/// "label  value" by line, values in one column and wrapped there. Labels are ours, values may hold
/// anything.
std::string to_text(const std::vector<Detail>& details, int width, const Style& style);

}  // namespace sched::render
