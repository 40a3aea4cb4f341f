#include "time/calendar_bounds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace sched::time {
namespace {

/// A year of two digits means one of 1970-2069.
std::uint64_t full_year(std::uint64_t year) {
  return year < 70 ? year + 2000 : year < 100 ? year + 1900 : year;
}

std::string bounds(const CalendarUnit& unit) {
  return fmt::format("{}-{}", unit.least / unit.one, unit.greatest / unit.one);
}

std::string bounds_hint(std::uint64_t value, const CalendarUnit& unit) {
  if (unit.name == k_hours.name && value == 24) {
    return "midnight is 0:00 of the next day";
  }
  if (unit.name == k_seconds.name && value / unit.one == 60) {
    return "leap seconds have no moment of their own; write 59";
  }
  if (unit.from_end && value > unit.greatest) {
    return "every month has 28 days; name a day from its beginning, as in *-*-1";
  }
  return fmt::format("a {} is one of {}", unit.name, bounds(unit));
}

/// What a range that runs over the end is written as instead.
std::string wrapped(std::uint64_t first, std::uint64_t last, const CalendarUnit& unit) {
  if (unit.name == k_years.name) {
    return "write the earlier year first";
  }
  if (unit.from_end) {
    return fmt::format("~1 is the last day of a month: write ~{}..{}", last, first);
  }
  return fmt::format("ranges ascend: write {}..{},{}..{}", first / unit.one,
                     unit.greatest / unit.one, unit.least / unit.one, last / unit.one);
}

struct Narrowing {
  const CalendarUnit& unit;
  const CalendarScanner& scanner;

  std::optional<base::Error> check_value(std::uint64_t value, std::size_t at) const {
    if (value >= unit.least && value <= unit.greatest) {
      return std::nullopt;
    }
    const std::string shown = value / unit.one > 1'000'000
                                  ? "that large"
                                  : fmt::format("{}", static_cast<double>(value) / unit.one);
    return scanner.error_at(at, fmt::format("{} {} is outside {}", unit.name, shown, bounds(unit)),
                            bounds_hint(value, unit));
  }

  /// "a..b" and "a..b/n": the end moves to the last value that is reached.
  base::Result<CalendarItem> range(const WrittenField::Item& item, std::uint64_t first,
                                   std::uint64_t last) const {
    constexpr std::uint64_t k_greatest = std::numeric_limits<std::int32_t>::max();
    if (last < unit.least || last > k_greatest) {
      return *check_value(last, item.at);
    }
    if (last < first) {
      return scanner.error_at(item.at, fmt::format("{} range runs backwards", unit.name),
                              wrapped(first, last, unit));
    }
    if (!item.step && unit.one > 1 && last - first < unit.one) {
      return scanner.error_at(item.at, "range of less than a second",
                              "give it a step, as in 0..0.5/0.25");
    }
    const std::uint64_t step = item.step.value_or(unit.one);
    // Only what is reached is held against the bounds, as systemd does: 4..17/7 is April and
    // November.
    const std::uint64_t reached = last - (last - first) % step;
    if (reached > unit.greatest) {
      return *check_value(last, item.at);
    }
    CalendarItem narrowed{static_cast<std::uint32_t>(first), std::nullopt, 0};
    if (reached > first) {
      narrowed.last = static_cast<std::uint32_t>(reached);
      narrowed.step = static_cast<std::uint32_t>(step);
    }
    return narrowed;
  }

  base::Result<CalendarItem> item(const WrittenField::Item& item) const {
    const bool is_year = unit.name == k_years.name;
    const std::uint64_t first = is_year ? full_year(item.first) : item.first;
    if (const auto error = check_value(first, item.at)) {
      return *error;
    }
    const std::uint64_t step = item.step.value_or(0);
    if (step > std::numeric_limits<std::int32_t>::max()) {
      return scanner.error_at(item.at, "too large a step", "write the first value alone");
    }
    if (item.last) {
      return range(item, first, is_year ? full_year(*item.last) : *item.last);
    }
    if (unit.from_end ? first < unit.least + step : first + step > unit.greatest) {
      const std::uint32_t bound = (unit.from_end ? unit.least : unit.greatest) / unit.one;
      return scanner.error_at(
          item.at, fmt::format("step leads beyond {} {}", unit.name, bound),
          unit.from_end ? "steps lead to the end of the month: ~7/1 is its last seven days"
                        : "write the first value alone, or a smaller step");
    }
    return CalendarItem{static_cast<std::uint32_t>(first), std::nullopt,
                        static_cast<std::uint32_t>(step)};
  }
};

}  // namespace

base::Result<CalendarField> to_field(const WrittenField& written, const CalendarUnit& unit,
                                     const CalendarScanner& scanner) {
  const Narrowing narrowing{unit, scanner};
  CalendarField field;
  for (const WrittenField::Item& item : written.items) {
    const auto narrowed = narrowing.item(item);
    if (!narrowed) {
      return narrowed.error();
    }
    field.push_back(*narrowed);
  }
  std::sort(field.begin(), field.end());
  field.erase(std::unique(field.begin(), field.end()), field.end());
  return field;
}

base::Result<CalendarField> read_field(CalendarScanner& scanner, const CalendarUnit& unit) {
  const auto written = scanner.read_field(unit.one > 1);
  return written ? to_field(*written, unit, scanner) : written.error();
}

}  // namespace sched::time
