#pragma once

#include "model/run.hpp"
#include "model/task.hpp"
#include "store/database.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sched::store {

/// Which tasks or runs to show; empty lists do not filter.
struct ListFilter {
  std::vector<model::RunState> states;   ///< Of the run (of a task: of its newest run).
  std::vector<model::Outcome> outcomes;  ///< The same.
  std::vector<std::string> tags;         ///< All of them.
  std::vector<std::string> names;        ///< Globs; one of them.
  std::vector<model::TaskId> tasks;      ///< One of them (runs).
  std::vector<model::QueueId> queues;    ///< One of them.
  std::optional<time::Instant> since;    ///< Runs that ended at that moment or later.
  bool dead = false;                     ///< Runs that are dead letters, the latest first.
  int limit = 0;                         ///< 0 is all.
};

/// A task in a list, with its newest run.
struct TaskRow {
  model::TaskId id;
  std::string label;
  model::Command command;
  model::TriggerKind trigger = model::TriggerKind::once;
  std::string queue;  ///< Its name.
  int priority = 0;
  bool paused = false;
  std::vector<std::string> tags;
  time::Instant created_at{};
  std::optional<time::Instant> next_at;
  std::optional<model::Run> run;  ///< None before its first firing.
};

/// A run in a list.
struct RunRow {
  model::Run run;
  std::string task;  ///< Its label.
};

/// How many runs stand where.
struct RunCounts {
  std::int64_t waiting = 0;
  std::int64_t queued = 0;
  std::int64_t running = 0;
  std::int64_t held = 0;
  std::int64_t succeeded = 0;
  std::int64_t failed = 0;  ///< failed, timed_out and lost.
  std::int64_t other = 0;   ///< cancelled, skipped and missed.
  std::int64_t unfinished() const { return waiting + queued + running + held; }
  std::int64_t finished() const { return succeeded + failed + other; }
};

/// A task's next firing.
struct ComingRow {
  model::TaskId task;
  std::string label;
  time::Instant next_at{};
};

/// An unfinished run that waits for no other, and those that come directly after it.
struct BlockerRow {
  RunRow blocker;
  std::int64_t waiting = 0;
  std::string example;  ///< The label of the task of one of them.
};

template <typename Row>
struct Page {
  std::vector<Row> rows;
  bool more = false;  ///< The limit cut it.
};

/// What `list`, `runs` and `status` read. Newest first.
class Listing {
 public:
  explicit Listing(Database& db) : db_(db) {}

  Page<TaskRow> tasks(const ListFilter& filter);
  Page<RunRow> runs(const ListFilter& filter);
  // The same as ids alone, without a limit: there may be a million of them.
  std::vector<model::TaskId> task_ids(const ListFilter& filter);
  std::vector<model::RunId> run_ids(const ListFilter& filter);
  /// The newest run of each such task.
  std::vector<model::RunId> newest_run_ids(const ListFilter& filter);
  /// Running and held ones, the oldest first; or queued ones, as they stand in their lines.
  std::vector<RunRow> in_state(model::RunState state, int limit);
  /// Waiting for their moment alone; the soonest first.
  std::vector<RunRow> due_next(int limit);
  /// The next firings of tasks, the soonest first.
  std::vector<ComingRow> coming(int limit);
  /// Those that could go, or are held or paused, and that most waiting runs come after, first. Of
  /// each kind a thousand are looked at.
  std::vector<BlockerRow> blockers(int limit);
  /// The first of a queue, in the order in which they go.
  std::vector<RunRow> line_of(model::QueueId queue, int limit);
  std::vector<RunRow> running_of(model::QueueId queue, int limit);  ///< Oldest first.
  /// How many queued runs of its queue go before this one.
  std::int64_t queued_ahead(const model::Run& run);
  /// The tasks of those, in the order in which they go.
  std::vector<model::TaskId> tasks_ahead(const model::Run& run, int limit);
  std::vector<model::RunId> unfinished();  ///< Oldest first.
  RunCounts counts();
  std::int64_t task_count();

 private:
  Database& db_;
};

}  // namespace sched::store
