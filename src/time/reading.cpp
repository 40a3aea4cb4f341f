#include "time/reading.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <string>

namespace sched::time {
namespace {

constexpr const char* k_date_hint = "dates are written as 2026-03-01";
constexpr const char* k_time_hint =
    "times are written as 09:00 or 09:00:30, from 00:00 to 23:59:59";
constexpr const char* k_offset_hint = "offsets are written as Z, +01:00 or -08:00";

base::Error bad(std::string_view text, std::string_view why, std::string hint) {
  return {base::ErrorKind::invalid_input, fmt::format("{}: {}", base::quote(text), why),
          std::move(hint)};
}

/// Takes between `least` and `most` digits from the front.
std::optional<int> take_number(std::string_view& text, std::size_t least, std::size_t most) {
  std::size_t length = 0;
  int value = 0;
  while (length < text.size() && length < most && base::is_digit(text[length])) {
    value = value * 10 + (text[length] - '0');
    ++length;
  }
  text.remove_prefix(length);
  return length < least ? std::nullopt : std::optional(value);
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) {
    return false;
  }
  text.remove_prefix(1);
  return true;
}

/// ".5", ".250", ".123456": what comes after the milliseconds is dropped.
std::optional<Duration> take_fraction(std::string_view& text) {
  int ms = 0;
  int weight = 100;
  std::size_t length = 0;
  while (length < text.size() && base::is_digit(text[length])) {
    ms += weight * (text[length] - '0');
    weight /= 10;
    ++length;
  }
  text.remove_prefix(length);
  return length == 0 || length > 9 ? std::nullopt : std::optional(Duration(ms));
}

/// Takes "09:00[:30[.25]]"; `whole` is what the person wrote, for messages.
base::Result<Duration> take_time(std::string_view& text, std::string_view whole) {
  const auto hour = take_number(text, 1, 2);
  if (!hour || !take(text, ':')) {
    return bad(whole, "expected an hour and a minute", k_time_hint);
  }
  const auto minute = take_number(text, 2, 2);
  if (!minute) {
    return bad(whole, "expected a minute of two digits", k_time_hint);
  }
  int second = 0;
  Duration fraction{};
  if (take(text, ':')) {
    const auto seconds = take_number(text, 2, 2);
    if (!seconds) {
      return bad(whole, "expected a second of two digits", k_time_hint);
    }
    second = *seconds;
    if (take(text, '.')) {
      const auto ms = take_fraction(text);
      if (!ms) {
        return bad(whole, "expected one to nine digits of a second", k_time_hint);
      }
      fraction = *ms;
    }
  }
  if (*hour == 24) {
    return bad(whole, "hour 24 is outside 0-23", "midnight is 00:00 of the next day");
  }
  if (*hour > 23) {
    return bad(whole, fmt::format("hour {} is outside 0-23", *hour), k_time_hint);
  }
  if (*minute > 59) {
    return bad(whole, fmt::format("minute {} is outside 0-59", *minute), k_time_hint);
  }
  if (second > 59) {
    return bad(whole, fmt::format("second {} is outside 0-59", second),
               "leap seconds have no moment of their own; write the second before");
  }
  return std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(second) +
         fraction;
}

/// Takes "Z", "+01:00", "-0800" or "+01"; nothing where there is none.
base::Result<std::optional<Duration>> take_offset(std::string_view& text, std::string_view whole) {
  if (take(text, 'Z') || take(text, 'z')) {
    return std::optional<Duration>(Duration::zero());
  }
  const bool west = take(text, '-');
  if (!west && !take(text, '+')) {
    return std::optional<Duration>();
  }
  const auto hours = take_number(text, 2, 2);
  const bool colon = take(text, ':');
  const auto minutes = colon || !text.empty() ? take_number(text, 2, 2) : std::optional(0);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) {
    return bad(whole, "no offset from UTC can be read", k_offset_hint);
  }
  const Duration offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return std::optional<Duration>(west ? -offset : offset);
}

base::Result<std::chrono::local_days> take_date(std::string_view& text, std::string_view whole) {
  const auto year = take_number(text, 4, 4);
  const bool first_dash = take(text, '-');
  const auto month = take_number(text, 2, 2);
  const bool second_dash = take(text, '-');
  const auto day = take_number(text, 2, 2);
  if (!year || !first_dash || !month || !second_dash || !day) {
    return bad(whole, "no date can be read", k_date_hint);
  }
  if (*year < 1970 || *year > 2499) {
    return bad(whole, fmt::format("year {} is outside 1970-2499", *year), k_date_hint);
  }
  if (*month < 1 || *month > 12) {
    return bad(whole, fmt::format("month {} is outside 1-12", *month), k_date_hint);
  }
  const auto date = std::chrono::year(*year) / std::chrono::month(static_cast<unsigned>(*month)) /
                    std::chrono::day(static_cast<unsigned>(*day));
  if (!date.ok()) {
    const auto last =
        std::chrono::year_month_day_last(date.year(), date.month() / std::chrono::last);
    return bad(whole,
               fmt::format("{:04}-{:02} has no day {}, its last is {}", *year, *month, *day,
                           static_cast<unsigned>(last.day())),
               k_date_hint);
  }
  return std::chrono::local_days(date);
}

}  // namespace

bool looks_like_date(std::string_view text) {
  return text.size() > 4 && text[4] == '-' && base::is_digit(text[0]) && base::is_digit(text[3]);
}

bool looks_like_time(std::string_view text) {
  const auto colon = text.find(':');
  return (colon == 1 || colon == 2) && base::is_digit(text[0]) && base::is_digit(text[colon - 1]);
}

base::Result<Reading> parse_reading(std::string_view text) {
  std::string_view rest = text;
  const auto day = take_date(rest, text);
  if (!day) {
    return day.error();
  }
  Reading reading{*day, {}};
  if (take(rest, 'T') || take(rest, 't') || take(rest, ' ')) {
    const auto time = take_time(rest, text);
    if (!time) {
      return time.error();
    }
    const auto offset = take_offset(rest, text);
    if (!offset) {
      return offset.error();
    }
    reading.local += *time;
    reading.offset = *offset;
  }
  if (!rest.empty()) {
    return bad(text, fmt::format("{} is left over", base::quote(rest)),
               "write it as 2026-03-01 09:00:00, with an offset or a zone behind it if needed");
  }
  return reading;
}

base::Result<Duration> parse_time_of_day(std::string_view text) {
  std::string_view rest = text;
  auto time = take_time(rest, text);
  if (time && !rest.empty()) {
    return bad(text, fmt::format("{} is left over", base::quote(rest)), k_time_hint);
  }
  return time;
}

}  // namespace sched::time
