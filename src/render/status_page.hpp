#pragma once

#include "model/ids.hpp"
#include "model/throttle.hpp"
#include "render/column.hpp"
#include "render/guard_columns.hpp"
#include "render/run_columns.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sched::render {

struct LauncherLine {
  model::LauncherId id;
  int pid = 0;
  bool alive = false;
};
const std::vector<Column<LauncherLine>>& launcher_columns();

/// A worker that lives.
struct WorkerLine {
  int pid = 0;
  std::string state;
  bool starts = true;  ///< New runs; one that stands by or drains does not.
  int slots = 0;       ///< At present.
  std::optional<model::Throttle> throttle = {};
  std::int64_t running = 0;
  time::Instant started_at{};
  std::vector<LauncherLine> launchers;
};
const std::vector<Column<WorkerLine>>& worker_columns();
const std::vector<Column<model::Throttle>>& throttle_columns();

/// How many tasks there are, and how many runs stand where.
struct StatusCounts {
  std::int64_t tasks = 0;
  std::int64_t waiting = 0;
  std::int64_t queued = 0;
  std::int64_t running = 0;
  std::int64_t held = 0;
  std::int64_t succeeded = 0;
  std::int64_t failed = 0;
  std::int64_t dead = 0;
  std::int64_t other = 0;
};
const std::vector<Column<StatusCounts>>& count_columns();

/// A run that itself waits for no other, and that other runs come after.
struct BlockerLine {
  RunLine blocker;
  std::int64_t waiting = 0;  ///< How many come directly after it.
  std::string example;       ///< The task of one of them.
};
const std::vector<Column<BlockerLine>>& blocker_columns();

/// A task's next firing.
struct ComingLine {
  model::TaskId id;
  std::string task;
  time::Instant next_at{};
};
const std::vector<Column<ComingLine>>& coming_columns();

/// What goes on, at one moment. Lists may be cut, counts never are.
struct StatusPage {
  std::vector<WorkerLine> workers;
  StatusCounts counts;
  std::vector<RunLine> running;
  std::vector<RunLine> queued;
  std::vector<RunLine> held;
  std::vector<RunLine> due;  ///< Wait for their moment or their next attempt.
  std::vector<BlockerLine> blockers;
  std::vector<GuardLine> guards;   ///< Those that hold back what is behind them.
  std::vector<RunLine> dead;       ///< The latest first.
  std::vector<ComingLine> coming;  ///< The soonest first.
};
const std::vector<Column<StatusPage>>& status_columns();

/// The page for eyes, at most 23 lines.
std::string to_text(const StatusPage& page, const View& view);

}  // namespace sched::render
