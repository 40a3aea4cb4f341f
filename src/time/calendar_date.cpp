#include "time/calendar_date.hpp"

#include "time/calendar_bounds.hpp"

#include <chrono>

namespace sched::time {
namespace {

constexpr const char* k_date_forms =
    "write weekdays, date and time, as in Mon..Fri 09:00, *-*-1 or 2026-12-24 18:00";

/// Puts what was read in its place, or hands back why it could not be.
std::optional<base::Error> take(const base::Result<CalendarField>& read, CalendarField& field) {
  if (!read) {
    return read.error();
  }
  field = *read;
  return std::nullopt;
}

/// "@1717200000": that moment in UTC, as a date and a time.
std::optional<base::Error> read_seconds_since_1970(CalendarScanner& scanner, CalendarSpec& spec) {
  const std::size_t at = scanner.position();
  scanner.take('@');
  const auto seconds = scanner.read_number();
  if (!seconds) {
    return scanner.error_at(at, "expected whole seconds since 1970 behind '@'",
                            "write @1717200000, or a date and a time");
  }
  if (!scanner.at_end()) {
    return scanner.missing("the end", "'@' is a whole moment: nothing stands behind its seconds");
  }
  constexpr std::chrono::seconds k_end = k_end_of_years.time_since_epoch();  // '@' is in UTC
  if (*seconds >= static_cast<std::uint64_t>(k_end.count())) {
    return scanner.error_at(at, "moment beyond the year 2199",
                            "'@' counts seconds since 1970, no milliseconds");
  }
  const std::chrono::sys_seconds moment{std::chrono::seconds(static_cast<std::int64_t>(*seconds))};
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(moment - day);
  spec.years = just(static_cast<std::uint32_t>(static_cast<int>(date.year())));
  spec.months = just(static_cast<unsigned>(date.month()));
  spec.days = just(static_cast<unsigned>(date.day()));
  spec.hours = just(static_cast<std::uint32_t>(time.hours().count()));
  spec.minutes = just(static_cast<std::uint32_t>(time.minutes().count()));
  spec.seconds_us = just(static_cast<std::uint32_t>(time.seconds().count()) * k_seconds.one);
  spec.zone = Zone::utc();
  spec.has_time = true;
  spec.has_seconds = true;
  return std::nullopt;
}

/// The days behind "~". Any of them is any day, also before the 28th last.
std::optional<base::Error> read_days_from_end(CalendarScanner& scanner, CalendarSpec& spec) {
  auto error = take(read_field(scanner, k_days_from_end), spec.days);
  spec.from_end = !spec.days.empty();
  return error;
}

/// What stands behind the first component of a date: "-1", "-1-1", "-1~1" or "~1".
std::optional<base::Error> read_rest_of_date(CalendarScanner& scanner, const WrittenField& first,
                                             CalendarSpec& spec) {
  if (scanner.take('~')) {
    const auto error = take(to_field(first, k_months, scanner), spec.months);
    return error ? error : read_days_from_end(scanner, spec);
  }
  if (!scanner.take('-')) {
    return scanner.missing("'-' of a date or ':' of a time", k_date_forms);
  }
  const auto second = scanner.read_field();
  if (!second) {
    return second.error();
  }
  if (scanner.peek() != '-' && scanner.peek() != '~') {
    const auto error = take(to_field(first, k_months, scanner), spec.months);
    return error ? error : take(to_field(*second, k_days, scanner), spec.days);
  }
  if (auto error = take(to_field(first, k_years, scanner), spec.years)) {
    return error;
  }
  if (auto error = take(to_field(*second, k_months, scanner), spec.months)) {
    return error;
  }
  if (scanner.take('~')) {
    return read_days_from_end(scanner, spec);
  }
  scanner.take('-');
  return take(read_field(scanner, k_days), spec.days);
}

}  // namespace

std::optional<base::Error> read_date(CalendarScanner& scanner, CalendarSpec& spec) {
  if (scanner.peek() == '@') {
    return read_seconds_since_1970(scanner, spec);
  }
  const std::size_t begin = scanner.position();
  const auto first = scanner.read_field();
  if (!first) {
    return first.error();
  }
  if (scanner.peek() == ':') {
    scanner.go_to(begin);
    return std::nullopt;
  }
  if (auto error = read_rest_of_date(scanner, *first, spec)) {
    return error;
  }
  if (!scanner.at_end() && scanner.peek() != ' ') {
    return scanner.missing("a blank behind the date", k_date_forms);
  }
  scanner.take_blanks();
  return std::nullopt;
}

}  // namespace sched::time
