#include "store/listing.hpp"

#include "base/text.hpp"
#include "store/dead_letters.hpp"
#include "store/runs.hpp"
#include "store/task_codec.hpp"

#include <algorithm>
#include <array>

namespace sched::store {
namespace {

template <typename T>
bool passes(const std::vector<T>& wanted, const T& value) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

bool passes_run(const ListFilter& filter, const std::optional<model::Run>& run) {
  if (!filter.states.empty() && (!run || !passes(filter.states, run->state))) {
    return false;
  }
  if (filter.since && (!run || !run->finished_at || *run->finished_at < *filter.since)) {
    return false;
  }
  return filter.outcomes.empty() || (run && run->outcome && passes(filter.outcomes, *run->outcome));
}

bool passes_name(const ListFilter& filter, const std::string& label) {
  return filter.names.empty() ||
         std::any_of(filter.names.begin(), filter.names.end(),
                     [&](const std::string& glob) { return base::glob_matches(glob, label); });
}

bool passes_tags(const ListFilter& filter, const std::vector<std::string>& tags) {
  return std::all_of(filter.tags.begin(), filter.tags.end(), [&](const std::string& tag) {
    return std::find(tags.begin(), tags.end(), tag) != tags.end();
  });
}

// Tags travel joined by a comma, which no tag can contain.
constexpr const char* k_tags_of_task =
    "SELECT group_concat(tag, ',') FROM (SELECT tag FROM tags WHERE task_id = :task ORDER BY tag)";

std::vector<std::string> tags_of(Database& db, model::TaskId task) {
  Query query(db, k_tags_of_task);
  query.bind(":task", task.value);
  if (!query.step() || query.is_null(0)) {
    return {};
  }
  return base::split(query.text(0), ',');
}

}  // namespace

namespace {

/// Calls `take` with each task that passes, newest first, until it says that it has enough: with
/// its row (id, label, run, tags) and the query, whose columns from 2 on are those of `tasks`.
template <typename Take>
void each_task(Database& db, const ListFilter& filter, Take take) {
  Runs runs(db);
  Query query(
      db,
      "SELECT t.id, t.name, t.spec, t.trigger, t.priority, t.paused, t.created_at_ms, t.next_at_ms,"
      " t.queue_id, q.name FROM tasks AS t JOIN queues AS q ON q.id = t.queue_id"
      " ORDER BY t.id DESC");
  while (query.step()) {
    TaskRow row;
    row.id = model::TaskId(query.integer(0));
    row.label = model::label(row.id, query.text(1));
    if (!passes_name(filter, row.label) ||
        !passes(filter.queues, model::QueueId(query.integer(8)))) {
      continue;
    }
    row.run = runs.newest_of(row.id);
    if (!passes_run(filter, row.run)) {
      continue;
    }
    row.tags = tags_of(db, row.id);
    if (passes_tags(filter, row.tags) && !take(row, query)) {
      return;
    }
  }
}

}  // namespace

Page<TaskRow> Listing::tasks(const ListFilter& filter) {
  Page<TaskRow> page;
  each_task(db_, filter, [&](TaskRow& row, Query& query) {
    if (filter.limit > 0 && page.rows.size() == static_cast<std::size_t>(filter.limit)) {
      page.more = true;
      return false;
    }
    model::Task task;
    read_spec(query.text(2), task);
    row.command = std::move(task.command);
    row.trigger = model::parse_trigger_kind(query.text(3)).value_or(model::TriggerKind::once);
    row.priority = static_cast<int>(query.integer(4));
    row.paused = query.integer(5) != 0;
    row.created_at = query.instant(6);
    row.next_at = query.find_instant(7);
    row.queue = query.text(9);
    page.rows.push_back(std::move(row));
    return true;
  });
  return page;
}

std::vector<model::TaskId> Listing::task_ids(const ListFilter& filter) {
  std::vector<model::TaskId> ids;
  each_task(db_, filter, [&](const TaskRow& row, const Query& /*query*/) {
    ids.push_back(row.id);
    return true;
  });
  return ids;
}

std::vector<model::RunId> Listing::newest_run_ids(const ListFilter& filter) {
  std::vector<model::RunId> ids;
  each_task(db_, filter, [&](const TaskRow& row, const Query& /*query*/) {
    if (row.run) {
      ids.push_back(row.run->id);
    }
    return true;
  });
  return ids;
}

namespace {

constexpr int k_name_column = k_run_column_count;
constexpr int k_queue_column = k_name_column + 1;  // where a list may be of some queues only

bool take(Query& query, const ListFilter& filter, Database& db, Page<RunRow>& page) {
  RunRow row{read_run(query), {}};
  row.task = model::label(row.run.task, query.text(k_name_column));
  if (!passes_name(filter, row.task) || !passes_run(filter, row.run) ||
      !passes(filter.tasks, row.run.task) ||
      (!filter.queues.empty() &&
       !passes(filter.queues, model::QueueId(query.integer(k_queue_column)))) ||
      (!filter.tags.empty() && !passes_tags(filter, tags_of(db, row.run.task)))) {
    return true;
  }
  if (filter.limit > 0 && page.rows.size() == static_cast<std::size_t>(filter.limit)) {
    page.more = true;
    return false;
  }
  page.rows.push_back(std::move(row));
  return true;
}

}  // namespace

namespace {

struct RunsAsked {
  bool dead = false;
  bool of_one_task = false;
  bool in_order = false;
};

std::string runs_to_list(const RunsAsked& asked) {
  std::string sql = std::string("SELECT ") + k_run_columns +
                    ", t.name, t.queue_id FROM runs AS r JOIN tasks AS t ON t.id = r.task_id"
                    " WHERE ";
  // Through runs_dead or runs_dead_of_task.
  sql += asked.dead ? SCHED_IS_DEAD("r.") : "TRUE";
  sql += asked.of_one_task ? " AND r.task_id = :task" : "";
  if (asked.in_order) {
    sql += asked.dead ? " ORDER BY r.finished_at_ms DESC, r.id DESC" : " ORDER BY r.id DESC";
  }
  return sql;
}

/// Runs that may pass, with what take() reads; the newest first where `in_order`.
const char* runs_to_list(const ListFilter& filter, bool in_order) {
  static const std::array<std::string, 8> all = [] {
    std::array<std::string, 8> texts;
    for (unsigned i = 0; i < texts.size(); ++i) {
      texts.at(i) = runs_to_list(RunsAsked{(i & 1U) != 0, (i & 2U) != 0, (i & 4U) != 0});
    }
    return texts;
  }();
  return all
      .at((filter.dead ? 1U : 0U) + (filter.tasks.size() == 1 ? 2U : 0U) + (in_order ? 4U : 0U))
      .c_str();
}

void bind_task(Query& query, const ListFilter& filter) {
  if (filter.tasks.size() == 1) {
    query.bind(":task", filter.tasks.front().value);
  }
}

}  // namespace

Page<RunRow> Listing::runs(const ListFilter& filter) {
  Page<RunRow> page;
  Query query(db_, runs_to_list(filter, true));
  bind_task(query, filter);
  while (query.step() && take(query, filter, db_, page)) {
  }
  return page;
}

std::vector<model::RunId> Listing::run_ids(const ListFilter& filter) {
  std::vector<model::RunId> ids;
  Page<RunRow> one;
  Query query(db_, runs_to_list(filter, false));
  bind_task(query, filter);
  while (query.step()) {
    take(query, filter, db_, one);
    if (!one.rows.empty()) {
      ids.push_back(one.rows.back().run.id);
      one.rows.clear();
    }
  }
  return ids;
}

std::vector<RunRow> Listing::in_state(model::RunState state, int limit) {
  // Written out, for only so are runs_queued and runs_held taken; runs_running has another order,
  // and for that SQLite would rather look at all runs that there ever were.
  static const std::string columns =
      std::string("SELECT ") + k_run_columns + ", t.name FROM runs AS r";
  static const std::string where = " JOIN tasks AS t ON t.id = r.task_id WHERE r.state = ";
  static const std::string running =
      columns + " INDEXED BY runs_running" + where + "'running' ORDER BY r.id LIMIT :limit";
  static const std::string held = columns + where + "'held' ORDER BY r.id LIMIT :limit";
  static const std::string queued =
      columns + where + "'queued' ORDER BY r.lane_id, r.rank, r.id LIMIT :limit";
  Page<RunRow> page;
  Query query(db_, state == model::RunState::running ? running.c_str()
                   : state == model::RunState::held  ? held.c_str()
                                                     : queued.c_str());
  query.bind(":limit", limit);
  while (query.step() && take(query, {}, db_, page)) {
  }
  return page.rows;
}

std::vector<RunRow> Listing::due_next(int limit) {
  // Through runs_due.
  static const std::string sql = std::string("SELECT ") + k_run_columns +
                                 ", t.name FROM runs AS r JOIN tasks AS t ON t.id = r.task_id"
                                 " WHERE r.state = 'waiting' AND r.due_at_ms IS NOT NULL"
                                 " ORDER BY r.due_at_ms LIMIT :limit";
  Page<RunRow> page;
  Query query(db_, sql.c_str());
  query.bind(":limit", limit);
  while (query.step() && take(query, {}, db_, page)) {
  }
  return page.rows;
}

std::vector<BlockerRow> Listing::blockers(int limit) {
  // Looked for among those that may go next or are kept from it by a person; of each kind the first
  // thousand, so that it costs the same in any store.
  static const std::string sql =
      std::string(
          "WITH candidates AS (SELECT * FROM"
          " (SELECT id FROM runs WHERE state = 'running' LIMIT 1000) UNION SELECT * FROM"
          " (SELECT id FROM runs WHERE state = 'held' LIMIT 1000) UNION SELECT * FROM"
          " (SELECT id FROM runs WHERE state = 'queued' ORDER BY lane_id, rank, id LIMIT 1000)"
          " UNION SELECT * FROM (SELECT id FROM runs WHERE state = 'waiting' AND due_at_ms IS"
          " NOT NULL ORDER BY due_at_ms LIMIT 1000) UNION SELECT * FROM (SELECT r.id FROM"
          " tasks AS t CROSS JOIN runs AS r ON r.task_id = t.id WHERE t.paused = 1 AND"
          " r.state <> 'finished' LIMIT 1000)), found AS (SELECT c.id, count(*) AS number,"
          " min(d.task_id) AS example FROM candidates AS c CROSS JOIN runs AS u ON u.id ="
          " c.id CROSS JOIN bindings AS b ON b.upstream_run_id = u.id CROSS JOIN runs AS d ON"
          " d.id = b.run_id WHERE u.edges_open = 0 AND d.state = 'waiting' GROUP BY c.id"
          " ORDER BY number DESC, c.id LIMIT :limit) SELECT ") +
      k_run_columns +
      ", t.name, found.number, w.id, w.name FROM found JOIN runs AS r ON r.id = found.id"
      " JOIN tasks AS t ON t.id = r.task_id JOIN tasks AS w ON w.id = found.example"
      " ORDER BY found.number DESC, r.id";
  std::vector<BlockerRow> rows;
  Query query(db_, sql.c_str());
  query.bind(":limit", limit);
  while (query.step()) {
    BlockerRow row;
    row.blocker.run = read_run(query);
    row.blocker.task = model::label(row.blocker.run.task, query.text(k_name_column));
    row.waiting = query.integer(k_name_column + 1);
    row.example = model::label(model::TaskId(query.integer(k_name_column + 2)),
                               query.text(k_name_column + 3));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace sched::store
