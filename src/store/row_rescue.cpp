#include "store/row_rescue.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace sched::store {
namespace {

/// How many numbers a look passes over where nothing can be read: about a page of small rows.
constexpr std::int64_t k_stride = 16;

/// The columns of the new table, which the old one has too if it is of the same version.
std::string columns_of(Database& db, const std::string& table) {
  std::string columns;
  SQLite::Statement query(db.raw(), "SELECT name FROM pragma_table_info(?)");
  query.bind(1, table);
  while (query.executeStep()) {
    columns += (columns.empty() ? "" : ", ") + query.getColumn(0).getString();
  }
  return columns;
}

/// The first row from `from` on; empty when there is none. Throws where it can't be read.
std::optional<std::int64_t> first_from(SQLite::Statement& look, std::int64_t from) {
  look.tryReset();  // It would tell again of what the last step met.
  look.bind(1, from);
  return look.executeStep() ? std::optional(look.getColumn(0).getInt64()) : std::nullopt;
}

void bind(SQLite::Statement& insert, int place, const SQLite::Column& value) {
  if (value.isNull()) {
    insert.bind(place);
  } else if (value.isInteger()) {
    insert.bind(place, value.getInt64());
  } else {
    insert.bind(place, value.getString());
  }
}

/// How many rows it made: a value of the wrong type is refused with an error.
int insert_row(SQLite::Statement& insert) {
  try {
    return insert.exec();
  } catch (const SQLite::Exception&) {
    return 0;
  }
}

/// The first number above `bad` from which on it can be read as at `good`: rows between two looks
/// are not lost.
std::int64_t end_of_gap(SQLite::Statement& look, std::int64_t bad, std::int64_t good) {
  while (good - bad > 1) {
    const std::int64_t middle = bad + (good - bad) / 2;
    try {
      first_from(look, middle);
      good = middle;
    } catch (const SQLite::Exception&) {
      bad = middle;
    }
  }
  return good;
}

}  // namespace

RowRescue::RowRescue(Database& old, Database& db, std::string table)
    : old_(old), db_(db), table_(std::move(table)), columns_(columns_of(db, table_)) {}

bool RowRescue::copy(const std::string& where, std::int64_t value) {
  try {
    SQLite::Statement select(old_.raw(), fmt::format("SELECT {} FROM {} NOT INDEXED WHERE {} = ?",
                                                     columns_, table_, where));
    select.bind(1, value);
    const int count = select.getColumnCount();
    std::string places = "?";
    for (int i = 1; i < count; ++i) {
      places += ", ?";
    }
    // OR IGNORE: what breaks a rule of the schema stays behind.
    SQLite::Statement insert(db_.raw(), fmt::format("INSERT OR IGNORE INTO {} ({}) VALUES ({})",
                                                    table_, columns_, places));
    while (select.executeStep()) {
      insert.tryReset();
      for (int i = 0; i < count; ++i) {
        bind(insert, i + 1, select.getColumn(i));
      }
      copied_ += insert_row(insert);
    }
    return true;
  } catch (const SQLite::Exception&) {
    return false;
  }
}

void RowRescue::copy_all(std::int64_t last) {
  SQLite::Statement look(
      old_.raw(),
      fmt::format("SELECT rowid FROM {} NOT INDEXED WHERE rowid >= ? ORDER BY rowid LIMIT 1",
                  table_));
  std::int64_t bad = 0;  // The last number at which nothing could be read; 0: all is well.
  for (std::int64_t from = 1;;) {
    try {
      auto row = first_from(look, from);
      if (bad > 0) {
        from = end_of_gap(look, bad, from);
        bad = 0;
        row = first_from(look, from);
      }
      if (!row) {
        return;
      }
      const std::int64_t before = copied_;
      if (!copy("rowid", *row)) {
        ++gaps_;
      } else if (copied_ == before) {
        ++refused_;
      }
      from = *row + 1;
    } catch (const SQLite::Exception&) {
      gaps_ += bad > 0 ? 0 : 1;
      const std::int64_t step = bad > 0 ? k_stride : 1;
      bad = from;
      from += step;
      if (from > last + k_stride) {
        return;
      }
    }
  }
}

void RowRescue::copy_those(const std::string& column, std::int64_t value) {
  gaps_ += copy(column, value) ? 0 : 1;
}

}  // namespace sched::store
