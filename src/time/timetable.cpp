#include "time/timetable.hpp"

#include <algorithm>
#include <cstdint>

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

/// The last millisecond of a day of that zone. Of a midnight that comes twice the first is taken,
/// so nothing is passed over.
Instant end_of_day(local_days day, const Zone& zone) {
  return zone.resolve(LocalTime(day + days(1))).first - Duration(1);
}

/// A moment, as the clocks of day rules show it.
class Reading {
 public:
  Reading(Instant at, const Zone& zone) : at_(at), zone_(zone), local_(zone.to_local(at)) {}

  bool is_one_of(const DayRules& rules) const {
    return is_one_of(rules.days) ||
           std::any_of(rules.expressions.begin(), rules.expressions.end(),
                       [&](const CalendarSpec& spec) { return covers(spec, local(spec)); });
  }

  /// Up to when `except` holds without a break, as far as whole days tell.
  Instant left_out_until(const DayRules& except) const {
    Instant until = at_;
    if (is_one_of(except.days)) {
      until = std::max(until, end_of_day(floor<days>(local_), zone_));
    }
    for (const CalendarSpec& spec : except.expressions) {
      if (is_all_day(spec) && covers_day(spec, day(spec))) {
        until = std::max(until, end_of_day(day(spec), zone(spec)));
      }
    }
    return until;
  }

  /// Up to when `only` has nothing, as far as whole days tell.
  Instant not_taken_until(const DayRules& only) const {
    Instant until = only.empty() || is_one_of(only.days)
                        ? at_
                        : std::max(at_, end_of_day(floor<days>(local_), zone_));
    for (const CalendarSpec& spec : only.expressions) {
      until = std::min(until, covers_day(spec, day(spec))
                                  ? at_
                                  : std::max(at_, end_of_day(day(spec), zone(spec))));
    }
    return until;
  }

 private:
  static bool is_all_day(const CalendarSpec& spec) {
    constexpr std::uint64_t k_all_hours = (1ULL << 24U) - 1;
    constexpr std::uint64_t k_all_minutes = (1ULL << 60U) - 1;
    return !spec.has_time || (!spec.has_seconds && spec.readings.hours == k_all_hours &&
                              spec.readings.minutes == k_all_minutes);
  }
  bool is_one_of(const std::vector<local_days>& found) const {
    return std::binary_search(found.begin(), found.end(), floor<days>(local_));
  }
  const Zone& zone(const CalendarSpec& spec) const { return spec.zone ? *spec.zone : zone_; }
  LocalTime local(const CalendarSpec& spec) const {
    return spec.zone ? spec.zone->to_local(at_) : local_;
  }
  local_days day(const CalendarSpec& spec) const { return floor<days>(local(spec)); }

  Instant at_;
  const Zone& zone_;
  LocalTime local_;
};

/// The next of one timer that its days let pass.
std::optional<Instant> next_allowed(const Timetable& table, const TimerRule& timer, Instant after) {
  auto found = next_of(timer, after);
  if (table.except.empty() && table.only.empty()) {
    return found;
  }
  const Zone& zone = zone_of(timer, table);
  while (found) {
    const Reading reading(*found, zone);
    if (!reading.is_one_of(table.except) && (table.only.empty() || reading.is_one_of(table.only))) {
      return found;
    }
    // To the end of a day at once: a task by the second would be asked 86400 times.
    found = next_of(
        timer, std::max(reading.left_out_until(table.except), reading.not_taken_until(table.only)));
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
