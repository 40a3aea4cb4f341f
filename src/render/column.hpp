#pragma once

#include "base/json.hpp"
#include "render/style.hpp"
#include "render/table.hpp"
#include "time/instant.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sched::render {

/// What showing depends on besides the thing shown.
struct View {
  time::Instant now{};
  int width = 80;
  Style style{false};
};

/// What the manual says of a JSON key.
struct Field {
  const char* key;
  const char* type;     ///< "string", "integer or null", ...
  const char* meaning;  ///< A phrase without a full stop.
};

/// A field of a thing, named once: its place in a table, its key in JSON, or both.
template <typename Row>
struct Column {
  const char* key = nullptr;  ///< Empty: not in JSON.
  const char* type = "";
  const char* meaning = "";
  base::Json (*value)(const Row&) = nullptr;
  const char* heading = nullptr;  ///< Empty: not in the table.
  Cell (*show)(const Row&, const View&) = nullptr;
  Fit fit = Fit::whole;
  bool may_go = false;  ///< Where no row has anything in it, the table is without it.
};

template <typename Row>
base::Json to_json(const std::vector<Column<Row>>& columns, const Row& row) {
  base::Json json = base::Json::object();
  for (const Column<Row>& column : columns) {
    if (column.key != nullptr) {
      json[column.key] = column.value(row);
    }
  }
  return json;
}

template <typename Row>
base::Json to_json_array(const std::vector<Column<Row>>& columns, const std::vector<Row>& rows) {
  base::Json json = base::Json::array();
  for (const Row& row : rows) {
    json.push_back(to_json(columns, row));
  }
  return json;
}

/// A table of the columns that have a heading.
template <typename Row>
std::string to_table(const std::vector<Column<Row>>& columns, const std::vector<Row>& rows,
                     const View& view) {
  Table table;
  for (const Column<Row>& column : columns) {
    if (column.heading != nullptr) {
      table.headings.push_back({column.heading, column.fit, column.may_go});
    }
  }
  for (const Row& row : rows) {
    std::vector<Cell> cells;
    for (const Column<Row>& column : columns) {
      if (column.heading != nullptr) {
        cells.push_back(column.show(row, view));
      }
    }
    table.rows.push_back(std::move(cells));
  }
  return to_text(table, view.width, view.style);
}

template <typename Row>
void append_fields(std::vector<Field>& fields, const std::vector<Column<Row>>& columns) {
  for (const Column<Row>& column : columns) {
    if (column.key != nullptr) {
      fields.push_back({column.key, column.type, column.meaning});
    }
  }
}

}  // namespace sched::render
