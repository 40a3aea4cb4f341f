// Floors that bare SQL sets, through SQLite's C API and nothing else.
#include "floor.hpp"

#include <sqlite3.h>

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <unordered_map>
#include <vector>

namespace floors {
namespace {

void check(sqlite3* db, int code) {
  if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) {
    std::fprintf(stderr, "sqlite: %s\n", sqlite3_errmsg(db));
    std::exit(1);
  }
}

sqlite3* open_at(const char* file) {
  sqlite3* db = nullptr;
  check(db, sqlite3_open(file, &db));
  return db;
}

void execute(sqlite3* db, const std::string& sql) {
  check(db, sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr));
}

sqlite3_stmt* prepare(sqlite3* db, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  check(db, sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr));
  return statement;
}

double processor_time() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

/// All rows of a table, kept in memory.
struct Table {
  std::string name;
  int columns = 0;
  std::vector<sqlite3_value*> values;
};

Table read_table(sqlite3* db, const std::string& name) {
  Table table{name, 0, {}};
  sqlite3_stmt* all = prepare(db, "SELECT * FROM " + name);
  table.columns = sqlite3_column_count(all);
  while (sqlite3_step(all) == SQLITE_ROW) {
    for (int i = 0; i < table.columns; ++i) {
      table.values.push_back(sqlite3_value_dup(sqlite3_column_value(all, i)));
    }
  }
  sqlite3_finalize(all);
  return table;
}

void write_table(sqlite3* db, const Table& table) {
  std::string places = "?";
  for (int i = 1; i < table.columns; ++i) {
    places += ",?";
  }
  sqlite3_stmt* insert = prepare(db, "INSERT INTO " + table.name + " VALUES (" + places + ")");
  const auto columns = static_cast<std::size_t>(table.columns);
  for (std::size_t row = 0; row < table.values.size(); row += columns) {
    for (std::size_t i = 0; i < columns; ++i) {
      check(db, sqlite3_bind_value(insert, static_cast<int>(i) + 1, table.values[row + i]));
    }
    check(db, sqlite3_step(insert));
    check(db, sqlite3_reset(insert));
  }
  sqlite3_finalize(insert);
}

}  // namespace

void rows(const char* store, const char* file) {
  sqlite3* from = open_at(store);
  sqlite3* to = open_at(file);
  execute(to,
          "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
          "PRAGMA foreign_keys=ON");
  sqlite3_stmt* schema = prepare(from,
                                 "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN"
                                 " ('table', 'index') AND name NOT LIKE 'sqlite_%' ORDER BY rowid");
  while (sqlite3_step(schema) == SQLITE_ROW) {
    execute(to, reinterpret_cast<const char*>(sqlite3_column_text(schema, 0)));
  }
  sqlite3_finalize(schema);
  std::vector<Table> tables;
  for (const char* name : {"queues", "lanes", "surroundings", "tasks", "runs"}) {
    tables.push_back(read_table(from, name));
  }
  const double begun = now();
  execute(to, "BEGIN IMMEDIATE");
  for (const Table& table : tables) {
    write_table(to, table);
  }
  execute(to, "COMMIT");
  std::printf("%.6f\n", now() - begun);
}

void layers(const char* file, int count, int width) {
  sqlite3* db = open_at(file);
  execute(db,
          "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
          "CREATE TABLE node (id INTEGER PRIMARY KEY, open INTEGER, state TEXT);"
          "CREATE TABLE edge (up INTEGER, down INTEGER, PRIMARY KEY (up, down)) WITHOUT ROWID;"
          "BEGIN");
  sqlite3_stmt* node = prepare(db, "INSERT INTO node VALUES (?, ?, 'waiting')");
  sqlite3_stmt* edge = prepare(db, "INSERT INTO edge VALUES (?, ?)");
  for (int id = 0; id < count * width; ++id) {
    sqlite3_bind_int(node, 1, id);
    sqlite3_bind_int(node, 2, id < width ? 0 : width);
    check(db, sqlite3_step(node));
    sqlite3_reset(node);
    const int below = (id / width + 1) * width;
    for (int down = below; down < below + width && down < count * width; ++down) {
      sqlite3_bind_int(edge, 1, id);
      sqlite3_bind_int(edge, 2, down);
      check(db, sqlite3_step(edge));
      sqlite3_reset(edge);
    }
  }
  execute(db, "COMMIT");
  sqlite3_stmt* downs = prepare(db, "SELECT down FROM edge WHERE up = ?");
  sqlite3_stmt* end = prepare(db, "UPDATE node SET state = 'finished' WHERE id = ?");
  sqlite3_stmt* count_down = prepare(
      db,
      "UPDATE node SET open = open - ?1, state = iif(open = ?1, 'queued', state) WHERE id = ?2");
  const double begun = processor_time();
  for (int layer = 0; layer < count; ++layer) {
    execute(db, "BEGIN IMMEDIATE");
    std::unordered_map<int, int> sums;
    for (int id = layer * width; id < (layer + 1) * width; ++id) {
      sqlite3_bind_int(end, 1, id);
      check(db, sqlite3_step(end));
      sqlite3_reset(end);
      sqlite3_bind_int(downs, 1, id);
      while (sqlite3_step(downs) == SQLITE_ROW) {
        ++sums[sqlite3_column_int(downs, 0)];
      }
      sqlite3_reset(downs);
    }
    for (const auto& [id, sum] : sums) {
      sqlite3_bind_int(count_down, 1, sum);
      sqlite3_bind_int(count_down, 2, id);
      check(db, sqlite3_step(count_down));
      sqlite3_reset(count_down);
    }
    execute(db, "COMMIT");
  }
  std::printf("%.6f\n", processor_time() - begun);
}

void commits(const char* file, int count, int tables) {
  sqlite3* db = open_at(file);
  execute(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
  std::vector<sqlite3_stmt*> changes;
  for (int i = 0; i < tables; ++i) {
    const std::string name = "t" + std::to_string(i);
    execute(db, "CREATE TABLE " + name + " (id INTEGER PRIMARY KEY, number INTEGER);" +
                    "INSERT INTO " + name + " VALUES (1, 0)");
    changes.push_back(prepare(db, "UPDATE " + name + " SET number = number + 1 WHERE id = 1"));
  }
  sqlite3_stmt* begin = prepare(db, "BEGIN IMMEDIATE");
  sqlite3_stmt* commit = prepare(db, "COMMIT");
  const auto carry_out = [&](sqlite3_stmt* statement) {
    check(db, sqlite3_step(statement));
    sqlite3_reset(statement);
  };
  const double begun = processor_time();
  for (int i = 0; i < count; ++i) {
    carry_out(begin);
    std::for_each(changes.begin(), changes.end(), carry_out);
    carry_out(commit);
  }
  std::printf("%.6f\n", processor_time() - begun);
}

void probe(const char* file) {
  sqlite3* db = open_at(file);
  sqlite3_stmt* begin = prepare(db, "BEGIN IMMEDIATE");
  std::vector<double> waits;
  pollfd told{0, POLLIN, 0};
  while (waits.empty() || poll(&told, 1, 0) == 0) {
    const double asked = now();
    while (sqlite3_step(begin) != SQLITE_DONE) {
      sqlite3_reset(begin);
      usleep(50);
    }
    sqlite3_reset(begin);
    execute(db, "ROLLBACK");
    waits.push_back((now() - asked) * 1e3);
    usleep(500);
  }
  std::sort(waits.begin(), waits.end());
  std::printf("%.3f %.3f %zu\n", waits.back(), waits[waits.size() * 99 / 100], waits.size());
}

}  // namespace floors
