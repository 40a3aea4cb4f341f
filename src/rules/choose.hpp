#pragma once

#include "model/queue.hpp"
#include "model/resource.hpp"
#include "rules/guards.hpp"
#include "rules/stock.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace sched::rules {

/// Queued runs that only their order tells apart: of one queue, with the same needs.
struct LaneFacts {
  model::LaneId id;
  model::QueueId queue;
  model::Needs needs;
  std::int64_t running = 0;                 ///< Runs of it that run, whoever works on them.
  std::vector<model::GuardId> guards = {};  ///< What its runs fall under.
};

/// Who is first in a lane.
struct Head {
  std::int64_t rank = 0;
  model::RunId run;
};

/// Says of which lane the next run starts. Limits are asked of lanes before any run is looked at:
/// what is full is never read, so it keeps nobody waiting, however much is in it.
class Chooser {
 public:
  Chooser(std::vector<model::Queue> queues, const std::vector<model::Resource>& resources,
          const std::vector<LaneFacts>& lanes, Allowances allowances = {});

  /// The lanes whose queues have room and whose guards let something start; their heads are wanted.
  std::vector<model::LaneId> open_lanes() const;
  std::size_t lane_count() const { return lanes_.size(); }
  /// Empty: nothing is in it.
  void set_head(model::LaneId lane, std::optional<Head> head);
  /// Where the next run is to come from; empty when none may start. Whoever is first but lacks
  /// something has that kept for it; those behind may go when they need nothing of it.
  std::optional<model::LaneId> next() const;
  const Head& head(model::LaneId lane) const;
  const model::Queue& queue_of(model::LaneId lane) const;
  const std::vector<model::GuardId>& guards_of(model::LaneId lane) const;
  /// Whether the first of this lane could start now, if it were the first of all.
  bool would_start(model::LaneId lane) const;
  /// Its head has started: the lane wants a new one.
  void start(model::LaneId lane);

  /// The queues whose turn is another now.
  std::vector<model::Queue> moved() const;

 private:
  struct Line {
    model::Queue queue;
    std::int64_t running = 0;
    bool moved = false;
  };
  struct Lane {
    model::LaneId id;
    std::size_t line = 0;
    model::Needs needs;
    std::vector<model::GuardId> guards;
    std::optional<Head> head;
  };
  static bool has_room(const Line& line);
  bool is_open(const Lane& lane) const;
  std::size_t index_of(model::LaneId id) const;

  std::vector<Line> lines_;
  std::vector<Lane> lanes_;
  Stock stock_;
  Allowances allowances_;
  std::int64_t clock_;
};

}  // namespace sched::rules
