#pragma once

#include "time/instant.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sched::rules {

/// What is known of the way of an unfinished run to its end.
struct ForecastFacts {
  std::string task;                     ///< Its label.
  std::optional<time::Duration> usual;  ///< How long its task takes; empty without history.
  time::Instant since{};                ///< From when it may start; when it runs: its start.
  std::vector<time::Duration> busy;     ///< How much longer each of those that run will take.
  std::vector<time::Duration> ahead;    ///< How long those take that go before it, in order.
  std::int64_t unknown = 0;             ///< How many of both have no history: they count as 0.
  int slots = 1;                        ///< That it may have.
  bool is_free = true;                  ///< Nothing else keeps it, such as what it comes after.
  std::optional<time::Instant> room_at = {};  ///< Before then it can't start for want of `room`.
  std::string room = {};                      ///< "what it needs is free", as " in 5m" follows.
};

/// When it will start, if all take as long as they did, on slots that serve its queue alone, and
/// not before there is room.
time::Instant start_of(const ForecastFacts& facts);

/// Whether it will have ended by then; empty when all that is known lets it, and its task has no
/// history.
std::optional<bool> meets(const ForecastFacts& facts, time::Instant deadline, time::Instant now);

/// The same as the end of a sentence: "it usually takes 10s and can be met",
/// by how much not and because of what, or that there is no history yet.
std::string forecast(const ForecastFacts& facts, time::Instant deadline, time::Instant now);

}  // namespace sched::rules
