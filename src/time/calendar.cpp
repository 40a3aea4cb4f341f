#include "time/calendar.hpp"

#include "time/calendar_weekdays.hpp"

#include <algorithm>
#include <chrono>

namespace sched::time {
std::string to_string(const CalendarSpec& spec) {
  std::string text = weekdays_text(spec.weekdays);
  text += text.empty() ? "" : " ";
  text += to_string(spec.years, k_years) + "-" + to_string(spec.months, k_months);
  text += spec.from_end ? "~" + to_string(spec.days, k_days_from_end)
                        : "-" + to_string(spec.days, k_days);
  text += " " + to_string(spec.hours, k_hours) + ":" + to_string(spec.minutes, k_minutes) + ":" +
          to_string(spec.seconds_us, k_seconds);
  return spec.zone ? text + " " + spec.zone->name() : text;
}

std::optional<Instant> next_firing(const CalendarSpec& spec, const Zone& fallback, Instant after) {
  const Zone& zone = spec.zone ? *spec.zone : fallback;
  const auto next = next_firing(spec.readings, zone, after);
  // Here and not in its days, which go on being left out where it is an exclusion.
  return next && zone.to_local(*next) < k_end_of_years ? next : std::nullopt;
}

bool covers_day(const CalendarSpec& spec, std::chrono::local_days day) {
  const std::chrono::year_month_day date(day);
  return (days_in(spec.readings.days, date.year(), date.month()) >>
              static_cast<unsigned>(date.day()) &
          1) != 0;
}

bool covers(const CalendarSpec& spec, LocalTime local) {
  const auto day = std::chrono::floor<std::chrono::days>(local);
  if (!covers_day(spec, day)) {
    return false;
  }
  if (!spec.has_time) {
    return true;
  }
  const std::chrono::hh_mm_ss time(local - day);
  const bool minute = (spec.readings.hours >> time.hours().count() & 1) != 0 &&
                      (spec.readings.minutes >> time.minutes().count() & 1) != 0;
  if (!minute || !spec.has_seconds) {
    return minute;
  }
  const auto second = time.seconds().count();
  const auto ms = second * 1000 + time.subseconds().count();
  const std::vector<std::uint16_t>& written = spec.readings.seconds_ms;
  return std::any_of(written.begin(), written.end(), [&](std::uint16_t at) {
    return at == ms || (at % 1000 == 0 && at / 1000 == second);
  });
}

}  // namespace sched::time
