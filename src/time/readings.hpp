#pragma once

#include "time/day_rule.hpp"
#include "time/instant.hpp"
#include "time/zone.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace sched::time {

/// A set of readings of the clock on the wall: what a cron expression and a calendar expression
/// both come down to. They become moments by one rule for clock changes, see next_firing().
struct Readings {
  DayRule days;
  std::uint32_t hours = 0;    ///< Bits 0 to 23.
  std::uint64_t minutes = 0;  ///< Bits 0 to 59.
  /// Milliseconds since the full minute, ascending and without repeats: {0} is "at second 0".
  std::vector<std::uint16_t> seconds_ms = {0};
  /// Its hour or minute field begins with "*": it follows real time through a change of clocks.
  bool is_wildcard = false;

  bool operator==(const Readings&) const = default;
};

/// The first reading not earlier than `from`; empty when there is none before the year 2500.
std::optional<LocalTime> first_reading(const Readings& readings, LocalTime from);

bool contains(const Readings& readings, LocalTime local);

/// The first moment strictly later than `after` at which `readings` fire in `zone`; empty is never
/// (before 2500).
///
/// A wildcard fires at every real moment whose reading matches: not for readings that do not exist,
/// in both passes of those that come twice. All others fire once for each reading: one in a gap of
/// under three hours at the first moment after the gap, one that comes twice in its first pass.
/// Readings that fall on one moment are one firing. A gap of three hours or more is a correction of
/// the clock, and its readings are dropped.
std::optional<Instant> next_firing(const Readings& readings, const Zone& zone, Instant after);

}  // namespace sched::time
