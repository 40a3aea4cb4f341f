#include "base/text.hpp"
#include "time/calendar.hpp"
#include "time/calendar_bounds.hpp"
#include "time/calendar_date.hpp"
#include "time/calendar_meaning.hpp"
#include "time/calendar_readings.hpp"
#include "time/calendar_weekdays.hpp"

#include <utility>

namespace sched::time {
namespace {

constexpr const char* k_forms = "write Mon..Fri 09:00, *-*-1 06:30 or a shorthand such as daily";
constexpr const char* k_clock_hint = "times are written as 9:00 or 09:00:30";

/// Takes the zone off the end of `text`. UTC is written in any case, others are names of tzdata.
std::optional<base::Error> take_zone(std::string_view& text, CalendarSpec& spec) {
  const std::string_view whole = text;
  const auto blank = text.rfind(' ');
  // At least something stands before a zone.
  if (blank == std::string_view::npos || blank == 0 || blank + 1 == text.size() ||
      !base::is_letter(text[blank + 1])) {
    return std::nullopt;
  }
  const std::string word(text.substr(blank + 1));
  const auto zone = Zone::named(base::lower_case(word) == "utc" ? "UTC" : word);
  if (zone) {
    spec.zone = *zone;
    text = text.substr(0, blank);
    return std::nullopt;
  }
  const auto meant = likely_meaning(whole);
  const base::Error error(zone.error().kind(), zone.error().message(),
                          meant ? *meant : zone.error().hint());
  return error.within(base::quote(whole));
}

std::optional<base::Error> read_time(CalendarScanner& scanner, CalendarSpec& spec) {
  const auto hours = read_field(scanner, k_hours);
  if (!hours) {
    return hours.error();
  }
  if (!scanner.take(':')) {
    return scanner.missing("':' behind the hour", k_clock_hint);
  }
  const auto minutes = read_field(scanner, k_minutes);
  if (!minutes) {
    return minutes.error();
  }
  spec.hours = *hours;
  spec.minutes = *minutes;
  spec.has_time = true;
  if (scanner.take(':')) {
    const auto seconds = read_field(scanner, k_seconds);
    if (!seconds) {
      return seconds.error();
    }
    const CalendarItem every_second{0, std::nullopt, k_seconds.one};
    spec.seconds_us = seconds->empty() ? CalendarField{every_second} : *seconds;
    spec.has_seconds = true;
  }
  if (!scanner.at_end()) {
    return scanner.missing("the end of the time", k_clock_hint);
  }
  return std::nullopt;
}

/// Everything but the zone.
std::optional<base::Error> read_parts(CalendarScanner& scanner, CalendarSpec& spec) {
  const auto weekdays = read_weekdays(scanner);
  if (!weekdays) {
    return weekdays.error();
  }
  constexpr std::uint8_t k_whole_week = 0x7F;
  spec.weekdays = *weekdays == k_whole_week ? std::uint8_t{0} : *weekdays;
  if (base::is_letter(scanner.peek())) {
    return scanner.missing("a weekday, a date or a time", k_forms);
  }
  if (!scanner.at_end()) {
    if (auto error = read_date(scanner, spec)) {
      return error;
    }
  }
  return scanner.at_end() ? std::nullopt : read_time(scanner, spec);
}

}  // namespace

base::Result<CalendarSpec> parse_calendar(std::string_view text) {
  CalendarSpec spec;
  spec.written = text;
  // What is not written is midnight.
  spec.hours = just(0);
  spec.minutes = just(0);
  spec.seconds_us = just(0);
  std::string_view parts = text;
  if (auto error = take_zone(parts, spec)) {
    return *std::move(error);
  }
  if (parts.empty()) {
    return base::Error(base::ErrorKind::invalid_input, "the calendar expression is empty", k_forms);
  }
  const auto shorthand = find_shorthand(base::lower_case(parts));
  CalendarScanner scanner = shorthand ? CalendarScanner(*shorthand, shorthand->size())
                                      : CalendarScanner(text, parts.size());
  if (auto error = read_parts(scanner, spec)) {
    return *std::move(error);
  }
  spec.readings = to_readings(spec);
  return spec;
}

}  // namespace sched::time
