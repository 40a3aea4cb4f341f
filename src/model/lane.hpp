#pragma once

#include "model/ids.hpp"
#include "model/needs.hpp"
#include "time/instant.hpp"

#include <cstdint>
#include <string>

namespace sched::model {

/// Runs that only their order tells apart: of one queue, with the same needs and the same share.
struct Lane {
  LaneId id;
  QueueId queue;
  Needs needs;
  std::string share;  ///< In a fair queue: on whose account they run.
};

/// Those runs of a lane that run, with the same of its choices.
struct LaneLoad {
  Lane lane;
  int choice = 0;  ///< Which of its amounts they hold.
  std::int64_t runs = 0;
  time::Duration taken{};  ///< How long they have run till now, added up.
};

}  // namespace sched::model
