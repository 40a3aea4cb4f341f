#pragma once

#include "model/queue.hpp"
#include "render/column.hpp"
#include "render/guard_columns.hpp"
#include "render/run_columns.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sched::render {

/// A queue, and what is in it.
struct QueueLine {
  model::Queue queue;
  std::int64_t tasks = 0;
  std::int64_t queued = 0;
  std::int64_t running = 0;
  std::optional<GuardLine> guard;
  std::int64_t suspended = 0;  ///< Of those that run.
};
const std::vector<Column<QueueLine>>& queue_columns();

/// A run in line.
struct PlaceLine {
  std::int64_t place = 0;  ///< 1 goes next; 0: it runs.
  RunLine line;
  std::optional<time::Instant> since;  ///< From when it waits, or runs.
};
const std::vector<Column<PlaceLine>>& place_columns();

/// All that is known of a queue.
struct QueuePage {
  QueueLine line;
  std::vector<PlaceLine> running;
  std::vector<PlaceLine> next;  ///< In the order in which they go.
};
/// Besides queue_columns().
const std::vector<Column<QueuePage>>& queue_page_columns();
base::Json to_json(const QueuePage& page);
std::string to_text(const QueuePage& page, const View& view);

}  // namespace sched::render
