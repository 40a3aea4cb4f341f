#pragma once

#include "base/result.hpp"
#include "time/instant.hpp"

#include <optional>
#include <string_view>

namespace sched::time {

/// What a date and time as text say, before a zone gives them a moment.
struct Reading {
  LocalTime local;
  std::optional<Duration> offset;  ///< East of Greenwich; empty where none is written.
};

/// Whether the text begins as "2026-" does.
bool looks_like_date(std::string_view text);
/// Whether the text begins as "9:" or "09:" does.
bool looks_like_time(std::string_view text);

/// "2026-03-01", "2026-03-01T09:00", "2026-03-01 09:00:30.5+01:00", "2026-03-01T09:00:00Z": RFC
/// 3339 in which seconds, time and offset may be missing. Digits beyond the millisecond are
/// dropped. Leap seconds and 24:00 are refused, as is a year outside 1970-2499.
base::Result<Reading> parse_reading(std::string_view text);

/// "09:00", "9:00" or "09:00:30.250", since midnight.
base::Result<Duration> parse_time_of_day(std::string_view text);

}  // namespace sched::time
