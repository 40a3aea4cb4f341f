#include "model/queue.hpp"
#include "store/many_rows.hpp"
#include "store/runs.hpp"

namespace sched::store {
namespace {

// Columns of bind_run(), in this order.
#define SCHED_NEW_RUNS                                                                \
  "INSERT INTO runs (task_id, trigger, nominal_ms, state, reason, priority, lane_id," \
  " rank, not_before_ms, due_at_ms, edges_total, edges_open, edges_satisfied,"        \
  " created_at_ms, firings, in_turn, deadline_ms, hard_deadline_ms, finished_at_ms,"  \
  " outcome, flow_id) VALUES "

void bind_run(Query& query, const model::Run& run, const LinePlace& place) {
  query.bind(":task", run.task.value)
      .bind(":trigger", run.trigger)
      .bind(":nominal", run.nominal_at)
      .bind(":state", model::to_string(run.state))
      .bind_or_null(":reason", run.reason)
      .bind(":priority", run.priority)
      .bind(":lane", place.lane.value)
      .bind(":rank", place.rank)
      .bind(":not_before", run.not_before)
      .bind_or_null(":due", run.due_at)
      .bind(":total", run.edges.total)
      .bind(":open", run.edges.open)
      .bind(":satisfied", run.edges.satisfied)
      .bind(":created", run.created_at)
      .bind(":firings", run.firings)
      .bind(":in_turn", run.in_turn ? 1 : 0)
      .bind_or_null(":deadline", run.deadlines.soft)
      .bind_or_null(":hard", run.deadlines.hard)
      .bind_or_null(":finished", run.finished_at)
      .bind_or_null(":outcome", run.outcome ? model::to_string(*run.outcome) : std::string());
  if (run.flow) {
    query.bind(":flow", run.flow.value);
  } else {
    query.bind_null(":flow");
  }
}

}  // namespace

std::optional<model::RunId> Runs::add(const model::Run& run) {
  return add(run, {model::k_default_lane, 0});
}

std::optional<model::RunId> Runs::add(const model::Run& run, const LinePlace& place) {
  Query query(db_, SCHED_NEW_RUNS
              "(:task, :trigger, :nominal, :state, :reason, :priority, :lane, :rank,"
              " :not_before, :due, :total, :open, :satisfied, :created, :firings, :in_turn,"
              " :deadline, :hard, :finished, :outcome, :flow)"
              " ON CONFLICT (task_id, trigger, nominal_ms) DO NOTHING");
  bind_run(query, run, place);
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
    Query query(db_, SCHED_NEW_RUNS SCHED_ROWS_AT_ONCE(
                         "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    for (std::size_t i = first; i < first + k_rows_at_once; ++i) {
      bind_run(query, runs[i].run, runs[i].place);
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
