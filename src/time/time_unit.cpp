#include "time/time_unit.hpp"

#include <array>

namespace sched::time {
namespace {

constexpr std::uint64_t k_ms = 1000;
constexpr std::uint64_t k_second = 1000 * k_ms;
constexpr std::uint64_t k_minute = 60 * k_second;
constexpr std::uint64_t k_hour = 60 * k_minute;
constexpr std::uint64_t k_day = 24 * k_hour;
constexpr std::uint64_t k_week = 7 * k_day;
// 365.25 days, and a twelfth of it.
constexpr std::uint64_t k_year = 1461 * k_day / 4;
constexpr std::uint64_t k_month = k_year / 12;

// "µs" is there with the micro sign and with the Greek letter, which look alike.
constexpr std::array k_units = {TimeUnit{"us", 1},
                                TimeUnit{"usec", 1},
                                TimeUnit{"\u00b5s", 1},
                                TimeUnit{"\u03bcs", 1},
                                TimeUnit{"ms", k_ms},
                                TimeUnit{"msec", k_ms},
                                TimeUnit{"s", k_second},
                                TimeUnit{"sec", k_second},
                                TimeUnit{"second", k_second},
                                TimeUnit{"seconds", k_second},
                                TimeUnit{"m", k_minute},
                                TimeUnit{"min", k_minute},
                                TimeUnit{"minute", k_minute},
                                TimeUnit{"minutes", k_minute},
                                TimeUnit{"h", k_hour},
                                TimeUnit{"hr", k_hour},
                                TimeUnit{"hour", k_hour},
                                TimeUnit{"hours", k_hour},
                                TimeUnit{"d", k_day},
                                TimeUnit{"day", k_day},
                                TimeUnit{"days", k_day},
                                TimeUnit{"w", k_week},
                                TimeUnit{"week", k_week},
                                TimeUnit{"weeks", k_week},
                                TimeUnit{"M", k_month, false},
                                TimeUnit{"month", k_month, false},
                                TimeUnit{"months", k_month, false},
                                TimeUnit{"y", k_year, false},
                                TimeUnit{"year", k_year, false},
                                TimeUnit{"years", k_year, false}};

}  // namespace

std::optional<TimeUnit> find_time_unit(std::string_view name) {
  for (const TimeUnit& unit : k_units) {
    if (unit.name == name) {
      return unit;
    }
  }
  return std::nullopt;
}

std::vector<std::string> time_unit_names() {
  std::vector<std::string> names;
  for (const TimeUnit& unit : k_units) {
    names.emplace_back(unit.name);
  }
  return names;
}

}  // namespace sched::time
