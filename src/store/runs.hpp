#pragma once

#include "model/run.hpp"
#include "store/database.hpp"
#include "store/lane_heads.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sched::store {

/// A place in a line.
struct LinePlace {
  model::LaneId lane;
  std::int64_t rank = 0;
};

/// A run that is not in the store yet, and where it will stand.
struct PlacedRun {
  model::Run run;
  LinePlace place;
};

/// A run, with what its place in line hangs on.
struct Comer {
  model::RunId id;
  model::TaskId task;
  model::QueueId queue;
  std::string needs;  ///< As model::write_needs() has them.
  int priority = 0;
  time::Instant not_before{};
  std::optional<time::Instant> deadline;  ///< The first that it has.
  /// Where its edges were counted just now, and that is still to be written.
  std::optional<model::EdgeCounts> edges{};
};

/// A run in progress, as far as supervision asks.
struct RunningRun {
  model::Claim claim;
  model::TaskId task;
  model::LauncherId launcher;
  bool cancel_requested = false;
  bool suspended = false;
  bool displaced = false;  ///< It is to be ended, for it gives way to another.
};

/// Runs: written, found, moved. Every move is guarded by the state that it starts from, as the
/// table in model/run_state.hpp has it, and answers false when the run was not (or no longer)
/// there. Changes want a Transaction around them.
class Runs {
 public:
  explicit Runs(Database& db) : db_(db), heads_(db) {}

  /// Writes a run; its id is drawn here and comes back. Empty when this firing (task, trigger,
  /// nominal time) is there already.
  std::optional<model::RunId> add(const model::Run& run);
  /// The same, and it stands in line at once.
  std::optional<model::RunId> add(const model::Run& run, const LinePlace& place);
  /// The same with the first runs of tasks that had none, which nothing can be there already of.
  std::vector<model::RunId> add_first(const std::vector<PlacedRun>& runs);
  void set_flow(model::RunId run, model::RunId flow);

  std::optional<model::Run> find(model::RunId id);
  model::Run run(model::RunId id);  ///< Throws not_found.
  std::optional<model::Run> newest_of(model::TaskId task);
  std::vector<model::Run> of_task(model::TaskId task, int limit);  ///< Newest first.
  std::vector<model::RunId> unfinished_of(model::TaskId task);
  bool any_unfinished_between(model::RunId first, model::RunId last);
  /// The oldest unfinished run of the task that was written before `run`.
  std::optional<model::RunId> ahead_in_turn(model::TaskId task, model::RunId run);
  /// The oldest waiting run of the task that starts only in its turn.
  std::optional<model::RunId> next_in_turn(model::TaskId task);

  /// Waiting runs whose moment has come, the soonest first: they are to be queued.
  std::vector<Comer> due(time::Instant now, int limit);
  /// The next moment at which due() has something.
  std::optional<time::Instant> next_due();
  std::vector<Comer> queued_of(model::TaskId task);  ///< Those of its runs that are queued.
  /// The first of a lane, in the order in which they start.
  std::vector<QueuedRun> queued(model::LaneId lane, int limit);
  bool any_queued();
  bool any_running();
  std::vector<RunningRun> running();
  /// Something is running, due or waits for a further attempt, whoever works on it.
  bool is_busy(time::Instant now);

  /// queued → running, with that choice of what it needs.
  bool start(model::RunId id, int attempt, int choice, time::Instant now);
  /// waiting, queued → held
  bool hold(model::RunId id, const std::string& reason = "held by a person");
  /// waiting → queued, with its edges, where these are given: two writes of a row are dear.
  bool enqueue(model::RunId id, model::LaneId lane, std::int64_t rank,
               const std::optional<model::EdgeCounts>& edges = {});
  /// Gives a queued run another place.
  bool move_in_line(model::RunId id, model::LaneId lane, std::int64_t rank);
  /// waiting, queued, held → waiting, with this due moment and reason.
  bool wait(model::RunId id, std::optional<time::Instant> due, const std::string& reason);
  /// waiting, queued, held → finished.
  bool finish_unstarted(model::RunId id, model::Outcome outcome, const std::string& reason,
                        time::Instant now);
  /// running → finished; guarded by the attempt too.
  bool finish(const model::Claim& claim, model::Outcome outcome, std::optional<int> exit_code,
              const std::string& reason, time::Instant now);
  /// running → waiting until `not_before`, for another attempt.
  bool retry(const model::Claim& claim, time::Instant not_before, std::optional<int> exit_code,
             const std::string& reason, bool paused);
  /// running → queued, as if the attempt had never been; waiting when its task is paused.
  bool hand_back(const model::Claim& claim, bool paused);
  /// running → queued for another attempt: this one gave way; waiting when its task is paused.
  bool give_way(const model::Claim& claim, const std::string& reason, bool paused);
  /// finished → waiting, by a person; what was tried before no longer counts.
  bool reopen(model::RunId id, std::optional<time::Instant> due, time::Instant now);

  void set_edges(model::RunId id, const model::EdgeCounts& edges);
  /// Says more behind the reason of a run that is finished.
  void add_to_reason(model::RunId id, const std::string& more);
  void set_moment(model::RunId id, time::Instant not_before);
  void set_priority(model::TaskId task, int priority);  ///< Of its unfinished runs.
  /// Marks a running run, and why; its worker ends it.
  bool request_cancel(model::RunId id, const std::string& reason);

 private:
  Database& db_;
  LaneHeads heads_;
};

/// Columns that read_run() wants, for other queries over runs AS r; they begin at column `c`.
extern const char* const k_run_columns;
constexpr int k_run_column_count = 33;
model::Run read_run(Query& query, int c = 0);

/// The same for read_comer(), over runs AS r and tasks AS t; they come first.
#define SCHED_COMER_COLUMNS                                            \
  "r.id, r.task_id, t.queue_id, t.needs, r.priority, r.not_before_ms," \
  " coalesce(r.deadline_ms, r.hard_deadline_ms)"
constexpr int k_comer_column_count = 7;
Comer read_comer(Query& query);

}  // namespace sched::store
