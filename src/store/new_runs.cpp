#include "model/queue.hpp"
#include "store/many_rows.hpp"
#include "store/runs.hpp"

namespace sched::store {
namespace {

// Columns of bind_first(), in this order. All others of a task's first run are as a row has them by
// itself.
#define SCHED_FIRST_COLUMNS                                                      \
  "task_id, trigger, nominal_ms, state, priority, lane_id, rank, not_before_ms," \
  " due_at_ms, created_at_ms, deadline_ms, hard_deadline_ms"

void bind_first(Query& query, const model::Run& run, const LinePlace& place) {
  query.bind(":task", run.task.value)
      .bind(":trigger", run.trigger)
      .bind(":nominal", run.nominal_at)
      .bind(":state", model::to_string(run.state))
      .bind(":priority", run.priority)
      .bind(":lane", place.lane.value)
      .bind(":rank", place.rank)
      .bind(":not_before", run.not_before)
      .bind_or_null(":due", run.due_at)
      .bind(":created", run.created_at)
      .bind_or_null(":deadline", run.deadlines.soft)
      .bind_or_null(":hard", run.deadlines.hard);
}

}  // namespace

std::optional<model::RunId> Runs::add(const model::Run& run) {
  return add(run, {model::k_default_lane, 0});
}

std::optional<model::RunId> Runs::add(const model::Run& run, const LinePlace& place) {
  Query query(db_, "INSERT INTO runs (" SCHED_FIRST_COLUMNS
                   ", reason, edges_total, edges_open, edges_satisfied, firings, in_turn,"
                   " finished_at_ms, outcome, flow_id) VALUES (:task, :trigger, :nominal, :state,"
                   " :priority, :lane, :rank, :not_before, :due, :created, :deadline, :hard,"
                   " :reason, :total, :open, :satisfied, :firings, :in_turn, :finished, :outcome,"
                   " :flow) ON CONFLICT (task_id, trigger, nominal_ms) DO NOTHING");
  bind_first(query, run, place);
  query.bind_or_null(":reason", run.reason)
      .bind(":total", run.edges.total)
      .bind(":open", run.edges.open)
      .bind(":satisfied", run.edges.satisfied)
      .bind(":firings", run.firings)
      .bind(":in_turn", run.in_turn ? 1 : 0)
      .bind_or_null(":finished", run.finished_at)
      .bind_or_null(":outcome", run.outcome ? model::to_string(*run.outcome) : std::string());
  if (run.flow) {
    query.bind(":flow", run.flow.value);
  } else {
    query.bind_null(":flow");
  }
  const bool added = heads_.keep([&] { return query.run() == 1; });
  if (run.state == model::RunState::queued) {
    heads_.forget(place.lane);
  }
  return added ? std::optional(model::RunId(db_.last_insert_id())) : std::nullopt;
}

std::vector<model::RunId> Runs::add_first(const std::vector<PlacedRun>& runs) {
  std::vector<model::RunId> ids;
  ids.reserve(runs.size());
  const auto many = [&](std::size_t first) {
    Query query(db_, "INSERT INTO runs (" SCHED_FIRST_COLUMNS
                     ") VALUES " SCHED_ROWS_AT_ONCE("(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    for (std::size_t i = first; i < first + k_rows_at_once; ++i) {
      bind_first(query, runs[i].run, runs[i].place);
    }
    query.run();
    // One statement draws its numbers one after the other.
    std::int64_t id = db_.last_insert_id() - static_cast<std::int64_t>(k_rows_at_once);
    for (std::size_t i = 0; i < k_rows_at_once; ++i) {
      ids.emplace_back(++id);
    }
  };
  in_rows_at_once(runs.size(), many,
                  [&](std::size_t i) { ids.push_back(add(runs[i].run, runs[i].place).value()); });
  return ids;
}

}  // namespace sched::store
