#include "store/salvage.hpp"

#include "store/damaged_file.hpp"
#include "store/migrator.hpp"
#include "store/row_rescue.hpp"
#include "store/task_codec.hpp"

#include <fmt/format.h>

#include <memory>

namespace sched::store {
namespace {

namespace fs = std::filesystem;

/// Opens the copy; empty when not even its schema can be read, or it has no tables of ours.
std::unique_ptr<Database> open_old(const fs::path& copy) {
  try {
    auto old = std::make_unique<Database>(copy.string(), Database::Mode::read);
    Query look(
        *old, "SELECT count(*) FROM sqlite_schema WHERE name IN ('tasks', 'runs', 'surroundings')");
    if (look.step() && look.integer(0) == 3) {
      return old;
    }
  } catch (const base::Error&) {  // NOLINT(bugprone-empty-catch): told by the answer
  }
  return nullptr;
}

/// About the highest number that a table ever gave.
std::int64_t last_number(Database& old, const std::string& table) {
  constexpr std::int64_t k_unknown = 10'000'000;
  for (const std::string& sql :
       {fmt::format("SELECT seq FROM sqlite_sequence WHERE name = '{}'", table),
        fmt::format("SELECT max(rowid) FROM {}", table)}) {
    try {
      SQLite::Statement query(old.raw(), sql);
      if (query.executeStep() && !query.getColumn(0).isNull()) {
        return query.getColumn(0).getInt64();
      }
    } catch (const SQLite::Exception&) {  // NOLINT(bugprone-empty-catch): the next may know
    }
  }
  return k_unknown;
}

void note(Salvaged& salvaged, const char* what, const RowRescue& rescue) {
  if (rescue.gaps() > 0) {
    salvaged.losses.push_back(fmt::format(
        "{}: {} could not be read", what,
        rescue.gaps() == 1 ? std::string("one place") : fmt::format("{} places", rescue.gaps())));
  }
  if (rescue.refused() > 0) {
    salvaged.losses.push_back(
        fmt::format("{}: {} made no sense", what, rescue.refused() == 1 ? "one row" : "some rows"));
  }
}

void copy_rows(Database& old, Database& db, const char* table, Salvaged& salvaged) {
  RowRescue rescue(old, db, table);
  rescue.copy_all(last_number(old, table));
  note(salvaged, table, rescue);
}

/// A table without numbers of its own, by those of the rows that it belongs to.
void copy_parts(Database& old, Database& db, const char* table, const char* column,
                const char* owner, Salvaged& salvaged) {
  RowRescue rescue(old, db, table);
  SQLite::Statement owners(db.raw(), fmt::format("SELECT id FROM {} ORDER BY id", owner));
  while (owners.executeStep()) {
    rescue.copy_those(column, owners.getColumn(0).getInt64());
  }
  note(salvaged, table, rescue);
}

/// A short table without numbers.
void copy_resources(Database& old, Database& db, Salvaged& salvaged) {
  try {
    SQLite::Statement from(old.raw(), "SELECT name, capacity, created_at_ms FROM resources");
    SQLite::Statement to(db.raw(), "INSERT OR IGNORE INTO resources VALUES (?, ?, ?)");
    while (from.executeStep()) {
      to.bind(1, from.getColumn(0).getString());
      to.bind(2, from.getColumn(1).getInt64());
      to.bind(3, from.getColumn(2).getInt64());
      to.exec();
      to.reset();
    }
  } catch (const SQLite::Exception& failure) {
    salvaged.losses.push_back(fmt::format("resources: {}", failure.what()));
  }
}

/// Runs a statement that makes rows agree; what it changed is a loss.
void mend(Database& db, const char* sql, const char* what, Salvaged& salvaged) {
  const int rows = Query(db, sql).run();
  if (rows > 0) {
    salvaged.losses.push_back(fmt::format("{}: {}", what, rows));
  }
}

/// A task whose directory and environment are lost is worth having all the same.
void give_surroundings(Database& db, Salvaged& salvaged) {
  if (!Query(db, "SELECT 1 FROM tasks WHERE surroundings_id NOT IN (SELECT id FROM surroundings)")
           .step()) {
    return;
  }
  model::Surroundings substitute;
  substitute.directory = "/";
  Query(db, "INSERT OR IGNORE INTO surroundings (body) VALUES (:body)")
      .bind(":body", body_of(substitute))
      .run();
  const int rows = Query(db,
                         "UPDATE tasks SET surroundings_id ="
                         " (SELECT id FROM surroundings WHERE body = :body)"
                         " WHERE surroundings_id NOT IN (SELECT id FROM surroundings)")
                       .bind(":body", body_of(substitute))
                       .run();
  salvaged.losses.push_back(
      fmt::format("directory and environment of tasks (they have / and none): {}", rows));
}

void drop_unreadable_tasks(Store& store, Salvaged& salvaged) {
  for (const model::TaskId id : store.tasks().ids()) {
    try {
      store.tasks().task(id);
    } catch (const std::exception& failure) {
      salvaged.losses.push_back(fmt::format("task-{}: {}", id.value, failure.what()));
      Query(store.db(), "DELETE FROM tasks WHERE id = :id").bind(":id", id.value).run();
    }
  }
}

/// Task's breakers whose guards were lost are closed ones.
void give_breakers(Store& store) {
  for (const model::TaskId id : store.tasks().ids()) {
    if (const model::Task task = store.tasks().task(id);
        task.breaker && !store.guards().of_task(id)) {
      store.tasks().update(task);  // It writes the guard.
    }
  }
}

void reconcile(Store& store, time::Instant now, Salvaged& salvaged) {
  Database& db = store.db();
  give_surroundings(db, salvaged);
  drop_unreadable_tasks(store, salvaged);
  mend(db,
       "DELETE FROM dependencies WHERE task_id NOT IN (SELECT id FROM tasks)"
       " OR upstream_id NOT IN (SELECT id FROM tasks)",
       "dependencies on or of lost tasks", salvaged);
  mend(db,
       "DELETE FROM handlers WHERE task_id NOT IN (SELECT id FROM tasks)"
       " OR handler_id NOT IN (SELECT id FROM tasks)",
       "handlers of or by lost tasks", salvaged);
  mend(db, "UPDATE tasks SET queue_id = 1 WHERE queue_id NOT IN (SELECT id FROM queues)",
       "tasks of lost queues (they are in the default one)", salvaged);
  // They line up anew: so none waits in a lane that was lost.
  Query(db, "UPDATE runs SET state = 'waiting', due_at_ms = not_before_ms WHERE state = 'queued'")
      .run();
  Query(db, "UPDATE runs SET lane_id = 1 WHERE lane_id NOT IN (SELECT id FROM lanes)").run();
  mend(db, "DELETE FROM tags WHERE task_id NOT IN (SELECT id FROM tasks)", "tags of lost tasks",
       salvaged);
  mend(db,
       // IS NOT NULL, for nothing at all is not in an empty table either.
       "DELETE FROM guards WHERE (task_id IS NOT NULL AND task_id NOT IN (SELECT id FROM tasks))"
       " OR (queue_id IS NOT NULL AND queue_id NOT IN (SELECT id FROM queues))"
       " OR (resource IS NOT NULL AND resource NOT IN (SELECT name FROM resources))",
       "rates and breakers of what was lost", salvaged);
  mend(db, "DELETE FROM shares WHERE queue_id NOT IN (SELECT id FROM queues)",
       "shares of lost queues", salvaged);
  give_breakers(store);
  mend(db, "DELETE FROM runs WHERE task_id NOT IN (SELECT id FROM tasks)", "runs of lost tasks",
       salvaged);
  mend(db, "DELETE FROM causes WHERE run_id NOT IN (SELECT id FROM runs)",
       "what runs of handlers were for", salvaged);
  mend(db, "DELETE FROM attempts WHERE run_id NOT IN (SELECT id FROM runs)",
       "attempts of lost runs", salvaged);
  mend(db,
       "DELETE FROM bindings WHERE run_id NOT IN (SELECT id FROM runs) OR upstream_run_id NOT IN"
       " (SELECT id FROM runs) OR dependency_id NOT IN (SELECT id FROM dependencies)",
       "edges on lost runs", salvaged);
  mend(db,
       "INSERT INTO launchers (id, boot_id, worker_pid, started_at_ms) SELECT DISTINCT launcher_id,"
       " '', 0, 0 FROM attempts WHERE outcome IS NULL AND launcher_id NOT IN"
       " (SELECT id FROM launchers)",
       "lost launchers", salvaged);
  mend(db,
       "DELETE FROM attempts WHERE outcome IS NULL AND NOT EXISTS (SELECT 1 FROM runs AS r"
       " WHERE r.id = run_id AND r.state = 'running' AND r.attempts = number)",
       "attempts that contradict their runs", salvaged);
  mend(db,
       "UPDATE runs SET attempts = (SELECT max(number) FROM attempts WHERE run_id = id)"
       " WHERE attempts < (SELECT max(number) FROM attempts WHERE run_id = id)",
       "runs that counted too few attempts", salvaged);
  Query lost(db,
             "UPDATE runs SET state = 'finished', outcome = 'lost', due_at_ms = NULL,"
             " suspended_at_ms = NULL, displaced_by = NULL, finished_at_ms = :now, reason = 'its "
             "attempt was lost with "
             "a damaged file'"
             " WHERE state = 'running' AND NOT EXISTS (SELECT 1 FROM attempts WHERE run_id = id"
             "  AND number = attempts AND attempts.outcome IS NULL)");
  if (const int rows = lost.bind(":now", now).run(); rows > 0) {
    salvaged.losses.push_back(fmt::format("running runs without their attempt: {}", rows));
  }
  if (!salvaged.losses.empty()) {
    Query(db, "UPDATE tasks SET paused = 1").run();
  }
}

}  // namespace

Salvaged salvage(const fs::path& file, const fs::path& workshop, Store& store, time::Instant now) {
  const fs::path copy = workshop / "sched.db";
  std::error_code failure;
  fs::copy_file(file, copy, failure);
  if (failure) {
    throw refusal(file, "it can't be copied: " + failure.message(), "make room, and try again");
  }
  fs::copy_file(file.string() + "-wal", copy.string() + "-wal", failure);
  Database& db = store.db();
  Salvaged salvaged;
  repair_header(copy);
  auto old = open_old(copy);
  if (!old) {
    replace_schema(copy, workshop);
    salvaged.losses.emplace_back("the schema could not be read: that of a new store was taken");
    old = open_old(copy);
  }
  if (!old) {
    throw refusal(file, "nothing of sched can be read in it", "restore a backup");
  }
  if (const auto version = old->pragma("user_version"); version > newest_version()) {
    throw refusal(file, "written by a newer sched", "use the newer sched");
  }
  db.execute("PRAGMA foreign_keys=OFF");  // Until all of it is there, and agrees.
  {
    Transaction change(db);
    copy_rows(*old, db, "surroundings", salvaged);
    // Those that a new store has make room for what they were made into.
    db.execute("DELETE FROM lanes; DELETE FROM queues");
    copy_rows(*old, db, "queues", salvaged);
    copy_rows(*old, db, "lanes", salvaged);
    db.execute(
        "INSERT OR IGNORE INTO queues (id, name) VALUES (1, 'default');"
        "INSERT OR IGNORE INTO lanes (id, queue_id, needs) VALUES (1, 1, '')");
    copy_resources(*old, db, salvaged);
    copy_rows(*old, db, "tasks", salvaged);
    copy_rows(*old, db, "dependencies", salvaged);
    copy_rows(*old, db, "launchers", salvaged);
    copy_rows(*old, db, "runs", salvaged);
    copy_parts(*old, db, "tags", "task_id", "tasks", salvaged);
    copy_rows(*old, db, "guards", salvaged);
    copy_parts(*old, db, "shares", "queue_id", "queues", salvaged);
    copy_parts(*old, db, "handlers", "task_id", "tasks", salvaged);
    copy_rows(*old, db, "causes", salvaged);
    copy_parts(*old, db, "attempts", "run_id", "runs", salvaged);
    copy_parts(*old, db, "bindings", "upstream_run_id", "runs", salvaged);
    reconcile(store, now, salvaged);
    change.commit();
  }
  db.execute("PRAGMA foreign_keys=ON");
  const RunCounts counts = store.listing().counts();
  salvaged.tasks = store.listing().task_count();
  salvaged.runs = counts.finished() + counts.unfinished();
  return salvaged;
}

}  // namespace sched::store
