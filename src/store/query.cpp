// Queries: each run of the worker makes some twenty, so what one costs besides SQLite's own work is
// kept small.
#include "store/database.hpp"

#include <sqlite3.h>

namespace sched::store {
namespace {

[[noreturn]] void fail(Database& db, int code) {
  throw to_error(SQLite::Exception(db.raw().getHandle(), code), db.raw().getFilename());
}

void expect_ok(Database& db, int code) {
  if (code != SQLITE_OK) {
    fail(db, code);
  }
}

}  // namespace

void Prepared::Finalize::operator()(sqlite3_stmt* prepared) const {
  sqlite3_finalize(prepared);
}

Prepared& Database::prepared(const char* sql) {
  const auto found = statements_.find(sql);
  if (found != statements_.end()) {
    return found->second;
  }
  sqlite3_stmt* statement = nullptr;
  expect_ok(*this, sqlite3_prepare_v3(db_.getHandle(), sql, -1, SQLITE_PREPARE_PERSISTENT,
                                      &statement, nullptr));
  Prepared made;
  made.statement.reset(statement);
  return statements_.emplace(sql, std::move(made)).first->second;
}

Query::Query(Database& db, const char* sql)
    : db_(db), prepared_(db.prepared(sql)), statement_(prepared_.statement.get()) {}

Query::~Query() {
  sqlite3_reset(statement_);           // What step() threw is told already.
  sqlite3_clear_bindings(statement_);  // So that no value outlives its use.
}

int Query::place_of(const char* name) {
  auto& known = prepared_.parameters;
  const std::size_t here = bound_++;
  if (here < known.size() && known[here].first == name) {
    return known[here].second;
  }
  // In a statement for many rows they have no names, and stand in the order in which they are
  // bound.
  const int named = sqlite3_bind_parameter_index(statement_, name);
  const int place = named != 0 ? named : static_cast<int>(here) + 1;
  if (here >= known.size()) {
    known.resize(here + 1);
  }
  known[here] = {name, place};
  return place;
}

Query& Query::bind(const char* name, std::int64_t value) {
  expect_ok(db_, sqlite3_bind_int64(statement_, place_of(name), value));
  return *this;
}

Query& Query::bind(const char* name, std::string_view value) {
  expect_ok(db_, sqlite3_bind_text64(statement_, place_of(name), value.data() ? value.data() : "",
                                     value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

Query& Query::bind_null(const char* name) {
  expect_ok(db_, sqlite3_bind_null(statement_, place_of(name)));
  return *this;
}

Query& Query::bind_or_null(const char* name, std::string_view value) {
  return value.empty() ? bind_null(name) : bind(name, value);
}

bool Query::step() {
  const int code = sqlite3_step(statement_);
  if (code != SQLITE_ROW && code != SQLITE_DONE) {
    fail(db_, code);
  }
  return code == SQLITE_ROW;
}

int Query::run() {
  while (step()) {
  }
  const int changed = db_.changes();
  sqlite3_reset(statement_);
  bound_ = 0;
  return changed;
}

bool Query::is_null(int column) {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Query::integer(int column) {
  return sqlite3_column_int64(statement_, column);
}

std::string_view Query::view(int column) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return text == nullptr
             ? std::string_view()
             : std::string_view(text,
                                static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

std::optional<time::Instant> Query::find_instant(int column) {
  return is_null(column) ? std::nullopt : std::optional(instant(column));
}

std::optional<std::int64_t> Query::find_integer(int column) {
  return is_null(column) ? std::nullopt : std::optional(integer(column));
}

}  // namespace sched::store
