#pragma once

#include "model/ids.hpp"
#include "model/needs.hpp"
#include "time/instant.hpp"

#include <cstdint>
#include <string>

namespace sched::model {

/// Runs that only their order tells apart: of one queue, with the same needs, the same share and
/// the same guards.
struct Lane {
  LaneId id;
  QueueId queue;
  Needs needs;
  std::string share;   ///< In a fair queue: on whose account they run.
  std::string guards;  ///< Those of tags and tasks that they fall under; see store/guards.hpp.
};

/// Those runs of a lane that run, with the same of its choices.
struct LaneLoad {
  Lane lane;
  int choice = 0;  ///< Which of its amounts they hold.
  std::int64_t runs = 0;
  time::Duration taken{};  ///< How long they have run till now, added up.
  bool suspended = false;  ///< All of them are: they have no slot, and no CPUs.
};

}  // namespace sched::model
