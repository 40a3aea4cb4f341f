#pragma once

#include "model/dependency.hpp"
#include "model/guard.hpp"
#include "model/queue.hpp"
#include "model/run.hpp"
#include "model/task.hpp"
#include "model/throttle.hpp"
#include "rules/backfill.hpp"
#include "rules/forecast.hpp"
#include "rules/stock.hpp"
#include "time/instant.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sched::rules {

/// One edge of the run in question, and how the run that it means stands.
struct EdgeFact {
  std::string task;  ///< The label of the upstream.
  model::Condition condition;
  std::optional<model::RunId> run;  ///< Empty: the upstream has not fired yet.
  std::optional<model::RunState> state;
  std::optional<model::Outcome> outcome;
  std::optional<int> exit_code;
  bool paused = false;   ///< The upstream task.
  std::string in_place;  ///< The task whose run is meant in place of the upstream's; "" is none.
  std::string first_of_all;  ///< The task at the root of an upstream's own waiting; "" is none.
  std::optional<model::RunState> first_state;  ///< How that one stands.
};

/// Somebody outside of the store who has the flock of a file, in a way that leaves no room.
struct FileHolder {
  std::string path;
  std::string who;  ///< "process 17 (rsync)", or several; "" where that can't be seen.
};

/// A run that is being ended for the one in question.
struct GivingWayFact {
  model::RunId run;
  std::string task;  ///< Its label.
  time::Instant since{};
  time::Duration grace{};  ///< From then on, until it is killed.
};

/// All that can keep a run from starting.
struct ExplainFacts {
  std::string task;  ///< Its label.
  bool paused = false;
  model::TriggerKind trigger = model::TriggerKind::once;
  model::Join join;
  int retries = 0;
  std::optional<model::Run> run;  ///< Empty: the task has not fired yet.
  std::vector<EdgeFact> edges;
  std::optional<model::RunId> ahead;     ///< An earlier run of the task, where it takes turns.
  std::optional<time::Instant> next_at;  ///< The next firing of the task.
  model::Queue queue;                    ///< Where it waits for its turn.
  std::int64_t queue_running = 0;        ///< Runs that fill the slots of its queue.
  std::vector<Shortage> shortages;       ///< What it needs beside a slot, and is not there.
  std::optional<KeptFor> kept_for;       ///< It is there, and kept for somebody.
  /// When that is expected to be otherwise, as far as resources go; empty: nobody knows.
  std::optional<time::Instant> stock_at;
  std::vector<GivingWayFact> giving_way;   ///< Who is being ended for it.
  std::vector<FileHolder> file_holders;    ///< Who else has the locks of files that it needs.
  std::vector<model::Guard> guards;        ///< What it falls under, where it is queued.
  std::int64_t queued_ahead = 0;           ///< Queued runs of its queue that go before it.
  int workers = 0;                         ///< Living ones.
  int slots = 0;                           ///< Of all of them.
  std::vector<model::Throttle> throttles;  ///< Of those of them that have one.
  std::int64_t running = 0;                ///< Runs that fill slots.
  time::Instant now{};
  /// Where it is queued, or has deadlines.
  std::optional<ForecastFacts> forecast;
};

/// What stands between a run and its start.
struct Obstacle {
  enum class Kind {
    held,
    displaced,  ///< None: it gave way, and waits for its turn again.
    paused,
    upstream,            ///< A run that it comes after has not ended.
    upstream_refused,    ///< One that it comes after ended otherwise.
    upstream_not_fired,  ///< A task that it comes after has no run yet.
    no_run,              ///< The task itself has no run yet.
    moment,              ///< It is too early.
    retry,               ///< It is too early for the next attempt.
    turn,                ///< An earlier run of its task is not over.
    giving_way,          ///< Another run is being ended for it.
    queue_paused,
    resource,     ///< Others hold what it needs.
    kept,         ///< What it needs is kept for one that goes before it.
    file_lock,    ///< Somebody outside holds the flock of a file.
    queue_slots,  ///< Its queue runs as many as it may.
    breaker,      ///< Too much failed of what it falls under.
    rate,         ///< As many as may have started lately.
    no_worker,
    memory_pressure,  ///< Workers start nothing for want of memory.
    slots,            ///< Others go first.
    starting,         ///< None: a worker is about to start it.
    expected,         ///< None: when it will start, as far as can be said.
    deadline,         ///< None: by when it is to have ended.
    running,          ///< None: it runs.
    suspended,        ///< It runs, and stands still until there is room for it again.
    finished,         ///< It is over.
  };
  Kind kind = Kind::running;
  std::string what;    ///< One line for a person.
  std::string remove;  ///< What takes it away, or what to look at; a line too.
};
const char* to_string(Obstacle::Kind kind);

/// How a run ended, as the end of a sentence about it: "failed", "was skipped".
const char* told(model::Outcome outcome);

/// Every obstacle, those a person must take away first; at least one line, for a run that runs or
/// is over too.
std::vector<Obstacle> explain(const ExplainFacts& facts);

}  // namespace sched::rules
