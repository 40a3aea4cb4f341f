#include "exchange/clock_difference.hpp"

#include <algorithm>
#include <chrono>

namespace sched::exchange {
namespace {

time::LocalTime local(time::Instant instant, time::Duration offset) {
  return time::LocalTime((instant + offset).time_since_epoch());
}

bool differs_at(const time::Readings& readings, const time::OffsetChange& change) {
  constexpr time::Duration k_correction = std::chrono::hours(3);
  const bool is_gap = change.after > change.before;
  // Wildcards drop the readings of a gap in both worlds, and so do corrections of the clock; of
  // what comes twice, only wildcards take both.
  if (is_gap ? readings.is_wildcard || change.after - change.before >= k_correction
             : !readings.is_wildcard) {
    return false;
  }
  const time::LocalTime first = local(change.at, std::min(change.before, change.after));
  const time::LocalTime end = local(change.at, std::max(change.before, change.after));
  const auto reading = time::first_reading(readings, first);
  return reading && *reading < end;
}

}  // namespace

std::optional<time::Instant> find_clock_difference(const time::CalendarSpec& spec,
                                                   const time::Zone& fallback, time::Instant from,
                                                   time::Instant until) {
  const time::Zone& zone = spec.zone ? *spec.zone : fallback;
  auto change = zone.next_change(from);
  while (change && change->at <= until) {
    if (differs_at(spec.readings, *change)) {
      return change->at;
    }
    change = zone.next_change(change->at);
  }
  return std::nullopt;
}

}  // namespace sched::exchange
