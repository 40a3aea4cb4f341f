#pragma once

#include "render/style.hpp"

#include <string>
#include <vector>

namespace sched::render {

/// One field of a table; the text may hold anything, the table makes it safe.
struct Cell {
  std::string text;
  Tone tone = Tone::plain;
};

/// What happens to a column where there is too little room.
enum class Fit {
  whole,     ///< It is shown whole.
  number,    ///< The same, at the right of its column.
  flexible,  ///< It is cut, ending in an ellipsis.
};

struct Heading {
  std::string text;
  Fit fit = Fit::whole;
  bool may_go = false;  ///< Where no row has anything in it, the column is left out.
};

struct Table {
  std::vector<Heading> headings;  ///< All empty texts: no line of headings.
  std::vector<std::vector<Cell>> rows;
  int indent = 0;
};

/// Lines of at most `width` columns as far as flexible columns allow it (none is cut below ten),
/// without blanks at their ends.
std::string to_text(const Table& raw, int width, const Style& style);

}  // namespace sched::render
