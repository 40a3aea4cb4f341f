#include "time/calendar_field.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::time {
namespace {

std::string number(std::uint32_t value, const CalendarUnit& unit, unsigned width) {
  const std::uint32_t fraction = value % unit.one;
  const std::string whole = fmt::format("{:0{}}", value / unit.one, width);
  return fraction == 0 ? whole : fmt::format("{}.{:06}", whole, fraction);
}

/// "0/1" for the seconds means the same as "*", and systemd writes it so.
bool is_every_second(const CalendarItem& item, const CalendarUnit& unit) {
  return unit.one > 1 && item == CalendarItem{0, std::nullopt, unit.one};
}

}  // namespace

void for_each_value(const CalendarField& field, const CalendarUnit& unit,
                    const std::function<void(std::uint32_t)>& take) {
  for (const CalendarItem& item : field) {
    if (item.step == 0) {
      take(item.first);
      continue;
    }
    if (unit.from_end && !item.last) {
      for (std::uint32_t left = item.first; left >= unit.least; left -= item.step) {
        take(left);
        if (left - unit.least < item.step) {
          break;
        }
      }
      continue;
    }
    const std::uint32_t last = item.last.value_or(unit.greatest);
    for (std::uint32_t value = item.first; value <= last; value += item.step) {
      take(value);
    }
  }
}

std::string to_string(const CalendarField& field, const CalendarUnit& unit) {
  const auto every_second = [&](const CalendarItem& item) { return is_every_second(item, unit); };
  if (field.empty() || std::any_of(field.begin(), field.end(), every_second)) {
    return "*";
  }
  std::string text;
  for (const CalendarItem& item : field) {
    text += text.empty() ? "" : ",";
    text += number(item.first, unit, unit.min_width);
    if (item.last) {
      text += ".." + number(*item.last, unit, unit.min_width);
    }
    if (item.step > 0 && !(item.last && item.step == unit.one)) {
      text += "/" + number(item.step, unit, 1);
    }
  }
  return text;
}

}  // namespace sched::time
