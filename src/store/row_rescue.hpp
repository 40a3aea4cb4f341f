#pragma once

#include "store/database.hpp"

#include <cstdint>
#include <string>

namespace sched::store {

/// Copies rows of a table that SQLite can still read from a damaged database, and counts what it
/// can't. Damage is a page here and there, and the rows beyond it are reached by their
/// number.
class RowRescue {
 public:
  /// `old` is only read: within a transaction that writes, the first damaged page ends all.
  RowRescue(Database& old, Database& db, std::string table);

  /// All rows of a table that has rowids, the highest of which may be about `last`.
  void copy_all(std::int64_t last);
  /// The rows of a table without rowids whose `column` has the given value.
  void copy_those(const std::string& column, std::int64_t value);

  std::int64_t gaps() const { return gaps_; }        ///< Places that could not be read.
  std::int64_t refused() const { return refused_; }  ///< Rows that no store may have.

 private:
  bool copy(const std::string& where, std::int64_t value);

  Database& old_;
  Database& db_;
  std::string table_;
  std::string columns_;
  std::int64_t copied_ = 0;
  std::int64_t gaps_ = 0;
  std::int64_t refused_ = 0;
};

}  // namespace sched::store
