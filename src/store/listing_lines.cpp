// The lines of queues: who is in them, and in which order.
#include "store/listing.hpp"
#include "store/runs.hpp"

namespace sched::store {
namespace {

constexpr int k_line_name_column = k_run_column_count;

std::vector<RunRow> rows_of(Database& db, const char* sql, model::QueueId queue, int limit) {
  Query query(db, sql);
  query.bind(":queue", queue.value).bind(":limit", limit);
  std::vector<RunRow> rows;
  while (query.step()) {
    RunRow row{read_run(query), {}};
    row.task = model::label(row.run.task, query.text(k_line_name_column));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

std::vector<RunRow> Listing::line_of(model::QueueId queue, int limit) {
  static const std::string sql = std::string("SELECT ") + k_run_columns +
                                 ", t.name FROM runs AS r JOIN tasks AS t ON t.id = r.task_id"
                                 " WHERE r.state = 'queued' AND r.lane_id IN"
                                 " (SELECT id FROM lanes WHERE queue_id = :queue)"
                                 " ORDER BY r.rank, r.id LIMIT :limit";
  return rows_of(db_, sql.c_str(), queue, limit);
}

std::vector<RunRow> Listing::running_of(model::QueueId queue, int limit) {
  static const std::string sql = std::string("SELECT ") + k_run_columns +
                                 ", t.name FROM runs AS r JOIN tasks AS t ON t.id = r.task_id"
                                 " WHERE r.state = 'running' AND r.lane_id IN"
                                 " (SELECT id FROM lanes WHERE queue_id = :queue)"
                                 " ORDER BY r.id LIMIT :limit";
  return rows_of(db_, sql.c_str(), queue, limit);
}

// Many that were added at once have the same rank: those are two ranges of runs_queued, of which
// one condition would go through all of the second.
#define SCHED_AHEAD_BY(condition)                                         \
  "SELECT r.rank, r.id, r.task_id FROM (SELECT l.queue_id, o.rank, o.id"  \
  " FROM runs AS o JOIN lanes AS l ON l.id = o.lane_id WHERE o.id = :id)" \
  " AS own CROSS JOIN lanes AS l ON l.queue_id = own.queue_id CROSS JOIN" \
  " runs AS r ON r.state = 'queued' AND r.lane_id = l.id AND " condition
#define SCHED_AHEAD                                                           \
  " FROM (" SCHED_AHEAD_BY("r.rank < own.rank") " UNION ALL " SCHED_AHEAD_BY( \
      "r.rank = own.rank AND r.id < own.id") ")"

std::int64_t Listing::queued_ahead(const model::Run& run) {
  Query query(db_, "SELECT count(*)" SCHED_AHEAD);
  query.bind(":id", run.id.value);
  return query.step() ? query.integer(0) : 0;
}

std::vector<model::TaskId> Listing::tasks_ahead(const model::Run& run, int limit) {
  Query query(db_, "SELECT task_id" SCHED_AHEAD " ORDER BY rank, id LIMIT :limit");
  query.bind(":id", run.id.value).bind(":limit", limit);
  std::vector<model::TaskId> found;
  while (query.step()) {
    found.emplace_back(query.integer(0));
  }
  return found;
}

std::vector<ComingRow> Listing::coming(int limit) {
  // Through tasks_next.
  Query query(db_,
              "SELECT id, name, next_at_ms FROM tasks WHERE next_at_ms IS NOT NULL AND paused = 0"
              " ORDER BY next_at_ms LIMIT :limit");
  query.bind(":limit", limit);
  std::vector<ComingRow> rows;
  while (query.step()) {
    const model::TaskId task(query.integer(0));
    rows.push_back({task, model::label(task, query.text(1)), query.instant(2)});
  }
  return rows;
}

}  // namespace sched::store
