#include "time/timetable.hpp"

#include <algorithm>

namespace sched::time {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::local_days;

std::optional<Instant> next_of(const TimerRule& timer, Instant after) {
  if (const auto* every = std::get_if<Every>(&timer)) {
    if (after < every->anchor) {
      return every->anchor;
    }
    const auto passed = (after - every->anchor) / every->period;
    const Instant next = every->anchor + (passed + 1) * every->period;
    return is_in_range(next) ? std::optional(next) : std::nullopt;
  }
  if (const auto* cron = std::get_if<CronTimes>(&timer)) {
    return cron->expression.at_boot ? std::nullopt
                                    : next_firing(cron->expression.readings, cron->zone, after);
  }
  const auto& calendar = std::get<CalendarTimes>(timer);
  return next_firing(calendar.spec, calendar.fallback, after);
}

bool holds(const DayRules& rules, LocalTime local) {
  return std::binary_search(rules.days.begin(), rules.days.end(), floor<days>(local)) ||
         std::any_of(rules.expressions.begin(), rules.expressions.end(),
                     [&](const CalendarSpec& spec) { return covers(spec, local); });
}

/// Whether it holds for all of that day, whatever the time.
bool holds_all_day(const DayRules& rules, LocalTime local) {
  return std::binary_search(rules.days.begin(), rules.days.end(), floor<days>(local)) ||
         std::any_of(
             rules.expressions.begin(), rules.expressions.end(),
             [&](const CalendarSpec& spec) { return !spec.has_time && covers(spec, local); });
}

/// Whether `only` has nothing on that day, whatever the time.
bool is_empty_day(const DayRules& only, LocalTime local) {
  return !only.empty() &&
         std::all_of(only.expressions.begin(), only.expressions.end(),
                     [](const CalendarSpec& spec) { return !spec.has_time; }) &&
         !holds(only, local);
}

/// The next of one timer that its days let pass.
std::optional<Instant> next_allowed(const Timetable& table, const TimerRule& timer, Instant after) {
  auto found = next_of(timer, after);
  if (table.except.empty() && table.only.empty()) {
    return found;
  }
  const Zone& zone = zone_of(timer, table);
  while (found) {
    const LocalTime local = zone.to_local(*found);
    if (!holds(table.except, local) && (table.only.empty() || holds(table.only, local))) {
      return found;
    }
    Instant from = *found;
    if (holds_all_day(table.except, local) || is_empty_day(table.only, local)) {
      // To the last moment of that day at once: a task by the minute would be asked 1440 times. Of
      // a midnight that comes twice the first is taken, so nothing is passed over.
      const LocalTime midnight = floor<days>(local) + days(1);
      from = std::max(from, zone.resolve(midnight).first - Duration(1));
    }
    found = next_of(timer, from);
  }
  return std::nullopt;
}

}  // namespace

const Zone& zone_of(const TimerRule& timer, const Timetable& table) {
  if (const auto* cron = std::get_if<CronTimes>(&timer)) {
    return cron->zone;
  }
  if (const auto* calendar = std::get_if<CalendarTimes>(&timer)) {
    return calendar->spec.zone ? *calendar->spec.zone : calendar->fallback;
  }
  return table.zone;
}

std::optional<Instant> next_firing(const Timetable& table, Instant after) {
  if (table.not_before) {
    after = std::max(after, *table.not_before - Duration(1));
  }
  std::optional<Instant> next;
  for (const TimerRule& timer : table.timers) {
    const auto candidate = next_allowed(table, timer, after);
    if (candidate && (!next || *candidate < *next)) {
      next = candidate;
    }
  }
  return next && table.not_after && *next > *table.not_after ? std::nullopt : next;
}

}  // namespace sched::time
