#pragma once

#include <array>
#include <bitset>
#include <chrono>
#include <cstdint>

namespace sched::time {

/// Years 1970 to 2499, the year 1970 + i at i.
using Years = std::bitset<530>;

/// Which days of the calendar: what the day fields of a cron expression and the date of a calendar
/// expression both come down to. In a set of days bit d stands for day d, in one of weekdays bit 0
/// for Sunday and bit 6 for Saturday.
struct DayRule {
  Years years = ~Years();
  std::uint16_t months = 0;  ///< Bits 1 to 12.

  /// By the day of the month: any of these.
  std::uint32_t days = 0;              ///< Bits 1 to 31.
  std::uint32_t days_from_end = 0;     ///< Bit 1 is the last day of the month, 2 the one before.
  std::uint32_t nearest_weekdays = 0;  ///< "15W": the Monday to Friday nearest to that day.
  bool last_weekday = false;           ///< "LW": the last Monday to Friday.

  /// By the day of the week: any of these.
  std::uint8_t weekdays = 0;
  std::array<std::uint8_t, 5> nth_weekdays{};  ///< "5#3" (third Friday) is bit 5 at index 2.
  std::uint8_t last_of_weekdays = 0;           ///< "5L": the last Friday.

  bool either = false;  ///< One of the two suffices; else a day must match both.

  bool operator==(const DayRule&) const = default;
};

/// The days of that month which match, as bits 1 to 31; 0 for none and for a year out of bounds.
std::uint32_t days_in(const DayRule& rule, std::chrono::year year, std::chrono::month month);

}  // namespace sched::time
