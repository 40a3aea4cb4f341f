#include "render/table.hpp"

#include "render/safe_text.hpp"
#include "render/width.hpp"

#include <algorithm>
#include <numeric>

namespace sched::render {
namespace {

constexpr int k_gap = 2;
constexpr int k_narrowest_column = 10;

bool has_headings(const Table& table) {
  return std::any_of(table.headings.begin(), table.headings.end(),
                     [](const Heading& heading) { return !heading.text.empty(); });
}

void leave_out_empty(Table& table) {
  for (std::size_t i = table.headings.size(); i-- > 0;) {
    const auto is_empty = [i](const auto& row) { return row[i].text.empty(); };
    if (table.headings[i].may_go && std::all_of(table.rows.begin(), table.rows.end(), is_empty)) {
      const auto at = static_cast<std::ptrdiff_t>(i);
      table.headings.erase(table.headings.begin() + at);
      for (auto& row : table.rows) {
        row.erase(row.begin() + at);
      }
    }
  }
}

/// What each column would like to have.
std::vector<int> natural_widths(const Table& table) {
  std::vector<int> widths;
  for (std::size_t i = 0; i < table.headings.size(); ++i) {
    int width = columns(table.headings[i].text);
    for (const auto& row : table.rows) {
      width = std::max(width, columns(row[i].text));
    }
    widths.push_back(width);
  }
  return widths;
}

/// Takes what is too much from the widest flexible columns, column by column.
void squeeze(std::vector<int>& widths, const Table& table, int width) {
  int total = std::accumulate(widths.begin(), widths.end(), table.indent);
  total += k_gap * (static_cast<int>(widths.size()) - 1);
  while (total > width) {
    int* widest = nullptr;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (table.headings[i].fit == Fit::flexible && widths[i] > k_narrowest_column &&
          (widest == nullptr || widths[i] >= *widest)) {
        widest = &widths[i];
      }
    }
    if (widest == nullptr) {
      return;
    }
    --*widest;
    --total;
  }
}

std::string line_of(const Table& table, const std::vector<Cell>& cells,
                    const std::vector<int>& widths, const Style& style) {
  std::string line(static_cast<std::size_t>(table.indent), ' ');
  std::string blanks;  // Owed, and paid only when something follows.
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string text = fitted(cells[i].text, std::max(widths[i], 1));
    const auto rest = static_cast<std::size_t>(std::max(0, widths[i] - columns(text)));
    const bool right = table.headings[i].fit == Fit::number;
    if (right) {
      blanks.append(rest, ' ');
    }
    if (!text.empty()) {
      line += blanks + style.paint(cells[i].tone, text);
      blanks.clear();
    }
    blanks.append(right ? 0 : rest, ' ');
    blanks.append(k_gap, ' ');
  }
  return line + "\n";
}

}  // namespace

std::string to_text(const Table& raw, int width, const Style& style) {
  Table table = raw;
  for (auto& row : table.rows) {
    for (Cell& cell : row) {
      cell.text = safe(cell.text);
    }
  }
  leave_out_empty(table);
  std::vector<int> widths = natural_widths(table);
  squeeze(widths, table, width);
  std::string text;
  if (has_headings(table)) {
    std::vector<Cell> cells;
    for (const Heading& heading : table.headings) {
      cells.push_back({heading.text, Tone::dim});
    }
    text += line_of(table, cells, widths, style);
  }
  for (const auto& row : table.rows) {
    text += line_of(table, row, widths, style);
  }
  return text;
}

}  // namespace sched::render
