#pragma once

#include "model/run.hpp"
#include "model/settlement.hpp"

#include <string>

namespace sched::worker {

/// Something that a worker did to one run.
struct Notice {
  enum class Kind {
    started,         ///< An attempt was handed to the launcher.
    ended,           ///< The run is finished: `outcome` says how.
    retried,         ///< An attempt ended badly, another will follow.
    handed_back,     ///< An attempt never began and does not count.
    adopted,         ///< An attempt of a dead worker goes on under this one.
    displaced,       ///< An attempt gave way, and does not count.
    suspended,       ///< It stands still: `reason` says why.
    resumed,         ///< It goes on.
    late,            ///< Its soft deadline has passed; it goes on.
    breaker_opened,  ///< How its attempt ended opened a breaker: `task` names that.
    breaker_closed,  ///< The same for one that closed.
  };
  Kind kind = Kind::started;
  model::RunId run;
  std::string task;  ///< Its label.
  int attempt = 0;
  std::optional<model::Outcome> outcome;
  std::string reason;
  time::Duration elapsed{};  ///< Of the attempt, when it ended.
  model::RunId in_place;     ///< Of a bad end: the run of its fallback; 0 is none.
};

/// Who is told what a worker does, after it is committed. Virtual, for a test records it.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void told(const Notice& notice) = 0;
  /// Something is wrong that is no run's fault (a full disk, a dead launcher), in one line.
  virtual void warned(const std::string& what) = 0;
};

}  // namespace sched::worker
