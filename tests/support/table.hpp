#pragma once

#include "base/text.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace sched::test {

/// A table of tests/fixtures: a line a row, cells parted by tabs, nothing quoted. The first line
/// begins with '#' and names the columns.
class Table {
 public:
  class Row {
   public:
    Row(const Table& table, std::vector<std::string> cells)
        : table_(&table), cells_(std::move(cells)) {}
    /// Throws when there is no such column.
    const std::string& operator[](const std::string& column) const {
      return cells_.at(table_->index_of(column));
    }

   private:
    const Table* table_;
    std::vector<std::string> cells_;
  };

  /// `name` as in "conformance/cron.tsv".
  explicit Table(const std::string& name) {
    std::ifstream file(std::string(SCHED_FIXTURES) + "/" + name);
    std::string line;
    if (!std::getline(file, line) || !line.starts_with('#')) {
      throw std::runtime_error("no table " + name);
    }
    columns_ = base::split(line.substr(1), '\t');
    while (std::getline(file, line)) {
      std::vector<std::string> cells = base::split(line, '\t');
      cells.resize(columns_.size());
      rows_.emplace_back(*this, std::move(cells));
    }
  }
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  const std::vector<Row>& rows() const { return rows_; }

 private:
  std::size_t index_of(const std::string& column) const {
    const auto found = std::find(columns_.begin(), columns_.end(), column);
    if (found == columns_.end()) {
      throw std::runtime_error("no column " + column);
    }
    return static_cast<std::size_t>(found - columns_.begin());
  }

  std::vector<std::string> columns_;
  std::vector<Row> rows_;
};

}  // namespace sched::test
