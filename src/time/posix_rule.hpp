#pragma once

#include "time/instant.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace sched::time {

/// A change of the UTC offset.
struct OffsetChange {
  Instant at;       ///< The first moment with the new offset.
  Duration before;  ///< East of Greenwich is positive.
  Duration after;
  bool operator==(const OffsetChange&) const = default;
};

/// The rule at the end of a tzdata file, by which its zone goes on after its last listed change:
/// "CET-1CEST,M3.5.0,M10.5.0/3". Form and meaning: TZ in POSIX.1, with the signed hours up to 167
/// of RFC 8536.
struct PosixRule {
  struct Date {
    enum class Kind { month_week_day, julian, day_of_year };
    Kind kind = Kind::month_week_day;
    unsigned month = 1;    ///< 1-12.
    unsigned week = 1;     ///< 1-5, where 5 is the last.
    unsigned weekday = 0;  ///< 0 is Sunday.
    int day = 0;           ///< julian: 1-365 without 29 February; day_of_year: 0-365.
    Duration at = std::chrono::hours(2);  ///< Of the local time before the change.
  };

  Duration standard{};  ///< UTC offset.
  Duration summer{};    ///< Equals `standard` where there is no summer time.
  Date begin;
  Date end;

  /// The two changes of a year, ascending; none where there is no summer time.
  std::vector<OffsetChange> changes(std::chrono::year year) const;
};

/// Empty when the text is no such rule.
std::optional<PosixRule> parse_posix_rule(std::string_view text);

}  // namespace sched::time
