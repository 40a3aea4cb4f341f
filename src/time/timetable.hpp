#pragma once

#include "time/calendar.hpp"
#include "time/cron.hpp"
#include "time/instant.hpp"
#include "time/zone.hpp"

#include <optional>
#include <variant>
#include <vector>

namespace sched::time {

/// Fires at anchor + k * period, in elapsed time, for every k from 0.
struct Every {
  Duration period{};  ///< More than 0.
  Instant anchor;
};

struct CronTimes {
  CronExpression expression;
  Zone zone;
};

struct CalendarTimes {
  CalendarSpec spec;
  Zone fallback;  ///< For a text that names no zone.
};

using TimerRule = std::variant<Every, CronTimes, CalendarTimes>;

/// Whole days, and times of days, by the clock on the wall.
struct DayRules {
  std::vector<CalendarSpec> expressions;      ///< Hold where covers() says so.
  std::vector<std::chrono::local_days> days;  ///< Ascending.
  bool empty() const { return expressions.empty() && days.empty(); }
};

/// Everything that says when a task fires.
struct Timetable {
  std::vector<TimerRule> timers;
  Zone zone;                          ///< Of `every`, where days are asked for.
  DayRules except;                    ///< Not then.
  DayRules only;                      ///< Unless empty: only then.
  std::optional<Instant> not_before;  ///< The first moment that counts.
  std::optional<Instant> not_after;   ///< The last one.
};

/// The first moment strictly later than `after` at which any of the timers fires and nothing
/// stands against it; several at one moment are one firing. Empty is never (before 2500).
std::optional<Instant> next_firing(const Timetable& table, Instant after);

/// The zone in which that timer reads its clock.
const Zone& zone_of(const TimerRule& timer, const Timetable& table);

}  // namespace sched::time
