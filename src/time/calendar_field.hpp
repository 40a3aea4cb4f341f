#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sched::time {

/// What a component of a calendar expression counts in, and between which bounds.
struct CalendarUnit {
  std::string_view name;
  std::uint32_t least;
  std::uint32_t greatest;
  std::uint32_t one = 1;   ///< What 1 in the text stands for: seconds are kept in microseconds.
  bool from_end = false;   ///< Days from the end of the month: steps lead down to 1.
  unsigned min_width = 2;  ///< Digits in the normal form.
};

inline constexpr CalendarUnit k_years{"year", 1970, 2199, 1, false, 4};
/// The first day beyond those years, by the clock on the wall.
inline constexpr std::chrono::local_days k_end_of_years{std::chrono::year(2200) / 1 / 1};
inline constexpr CalendarUnit k_months{"month", 1, 12};
inline constexpr CalendarUnit k_days{"day", 1, 31};
inline constexpr CalendarUnit k_days_from_end{"day", 1, 28, 1, true};
inline constexpr CalendarUnit k_hours{"hour", 0, 23};
inline constexpr CalendarUnit k_minutes{"minute", 0, 59};
inline constexpr CalendarUnit k_seconds{"second", 0, 59'999'999, 1'000'000};

/// One item of a component: "5", "1..5/2" or "0/15".
struct CalendarItem {
  std::uint32_t first = 0;
  std::optional<std::uint32_t> last;  ///< Reached by whole steps; empty with a step is "0/15".
  std::uint32_t step = 0;             ///< 0: `first` alone.
  auto operator<=>(const CalendarItem&) const = default;
};

/// A component: items in order and without repeats. None is "*", any value.
using CalendarField = std::vector<CalendarItem>;

/// The field with that value and no other.
inline CalendarField just(std::uint32_t value) {
  return {CalendarItem{value, std::nullopt, 0}};
}

/// Calls `take` with every value of a field that is not "*".
void for_each_value(const CalendarField& field, const CalendarUnit& unit,
                    const std::function<void(std::uint32_t)>& take);

/// In systemd's normal form: "*", "01,07", "00/15", "00..01.500000/0.250000".
std::string to_string(const CalendarField& field, const CalendarUnit& unit);

}  // namespace sched::time
