#include "store/invariants.hpp"

#include "store/migrator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace sched::store {
namespace {

struct Invariant {
  const char* sql;  ///< Selects the runs that break it.
  const char* what;
};

constexpr Invariant k_invariants[] = {
    {"SELECT r.id FROM runs AS r WHERE r.state = 'running' AND NOT EXISTS (SELECT 1 FROM attempts"
     " AS a WHERE a.run_id = r.id AND a.number = r.attempts AND a.outcome IS NULL)"
     " ORDER BY r.id LIMIT :limit",
     "is running, but has no attempt without an end"},
    {"SELECT DISTINCT r.id FROM attempts AS a JOIN runs AS r ON r.id = a.run_id"
     " WHERE a.outcome IS NULL AND (r.state <> 'running' OR a.number <> r.attempts)"
     " ORDER BY r.id LIMIT :limit",
     "has an attempt without an end that is not its current one"},
    {"SELECT r.id FROM runs AS r WHERE r.state IN ('queued', 'running')"
     " AND r.lane_id NOT IN (SELECT id FROM lanes) ORDER BY r.id LIMIT :limit",
     "stands in a lane that is not there, so that it can't start or counts nowhere"},
    {"SELECT DISTINCT r.id FROM attempts AS a JOIN runs AS r ON r.id = a.run_id"
     " WHERE a.number > r.attempts ORDER BY r.id LIMIT :limit",
     "has more attempts than it counts"},
    {"SELECT DISTINCT run_id FROM attempts WHERE outcome IS NULL AND launcher_id NOT IN"
     " (SELECT id FROM launchers) ORDER BY run_id LIMIT :limit",
     "has an attempt without an end of a launcher that is not known"},
};

std::map<std::string, std::string> schema_of(Database& db) {
  Query query(db,
              "SELECT type || ' ' || name, sql FROM sqlite_schema"
              " WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'");
  std::map<std::string, std::string> schema;
  while (query.step()) {
    schema.emplace(query.text(0), query.text(1));
  }
  return schema;
}

}  // namespace

std::vector<std::string> contradictions(Database& db, int limit) {
  std::vector<std::string> found;
  const Snapshot moment(db);
  for (const Invariant& invariant : k_invariants) {
    Query query(db, invariant.sql);
    query.bind(":limit", limit - static_cast<int>(found.size()));
    while (query.step()) {
      found.push_back(fmt::format("run-{} {}", query.integer(0), invariant.what));
    }
  }
  return found;
}

namespace {

#define SCHED_TRUE_TALLIES                                                                      \
  "SELECT t.what, t.number AS kept, CASE t.what WHEN 'tasks' THEN (SELECT count(*) FROM tasks)" \
  " ELSE coalesce(c.number, 0) END AS counted FROM tallies AS t LEFT JOIN (SELECT"              \
  " coalesce(outcome, state) AS what, count(*) AS number FROM runs GROUP BY 1) AS c"            \
  " ON c.what = t.what"

}  // namespace

std::vector<std::string> wrong_tallies(Database& db) {
  std::vector<std::string> found;
  Query query(db, "SELECT * FROM (" SCHED_TRUE_TALLIES ") WHERE kept <> counted");
  while (query.step()) {
    found.push_back(fmt::format("the store counts {} {}, and there are {}", query.integer(1),
                                query.text(0), query.integer(2)));
  }
  return found;
}

void count_anew(Database& db) {
  Query(db, "UPDATE tallies SET number = found.counted FROM (" SCHED_TRUE_TALLIES
            ") AS found WHERE found.what = tallies.what")
      .run();
}

std::vector<std::string> schema_differences(Database& db) {
  Database fresh(":memory:", Database::Mode::create);
  migrate(fresh, ":memory:");
  const auto expected = schema_of(fresh);
  const auto actual = schema_of(db);
  std::vector<std::string> found;
  for (const auto& [name, sql] : expected) {
    const auto here = actual.find(name);
    if (here == actual.end()) {
      found.push_back(name + " is missing");
    } else if (here->second != sql) {
      found.push_back(name + " is not as this program makes it");
    }
  }
  for (const auto& [name, sql] : actual) {
    if (!expected.contains(name)) {
      found.push_back(name + " is not of this program");
    }
  }
  return found;
}

std::optional<time::Instant> newest_moment(Database& db) {
  Query query(db,
              "SELECT max(at) FROM ("
              "SELECT * FROM (SELECT created_at_ms AS at FROM tasks ORDER BY id DESC LIMIT 1)"
              " UNION ALL SELECT * FROM (SELECT created_at_ms FROM runs ORDER BY id DESC LIMIT 1)"
              " UNION ALL SELECT * FROM (SELECT started_at_ms FROM launchers ORDER BY id DESC"
              " LIMIT 1))");
  return query.step() ? query.find_instant(0) : std::nullopt;
}

}  // namespace sched::store
