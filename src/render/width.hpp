#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sched::render {

// All of these want safe() text.

/// Columns that the text takes on a terminal: 2 for wide characters, 0 for combining ones.
int columns(std::string_view text);

/// The text itself, or as much of it as leaves room for an ellipsis in `width` columns (1 or more).
std::string fitted(std::string_view text, int width);

/// Lines of at most `width` columns, broken at blanks where there are any; at least one.
std::vector<std::string> wrapped(std::string_view text, int width);

}  // namespace sched::render
