#include "time/timestamp.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "time/duration.hpp"
#include "time/reading.hpp"
#include "time/zone.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace sched::time {
namespace {

using std::chrono::days;
using std::chrono::floor;
using LocalDay = std::chrono::local_days;

constexpr std::array k_weekdays = {"sunday",   "monday", "tuesday", "wednesday",
                                   "thursday", "friday", "saturday"};
constexpr const char* k_moment_forms =
    "write it as 2026-03-01 09:00, 09:00, tomorrow 09:00, monday 10:00, +2h30m or now";

base::Result<Moment> in_range(Moment moment, std::string_view text) {
  if (!is_in_range(moment.at)) {
    return base::bad_input(
        fmt::format("{} is outside the years 1970-2499", base::quote(text)),
        "all moments are kept in UTC; a zone may shift the first and the last by hours");
  }
  return moment;
}

std::string show(LocalTime local) {
  const auto day = floor<days>(local);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(local - day);
  std::string text =
      fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  time.hours().count(), time.minutes().count(), time.seconds().count());
  if (time.subseconds() != Duration::zero()) {
    text += fmt::format(".{:03}", time.subseconds().count());
  }
  return text;
}

std::string ambiguity(LocalTime local, const Zone& zone) {
  return fmt::format("{} comes twice in {}, the first is taken; an offset as in +01:00 says which",
                     show(local), zone.name());
}

base::Result<Moment> resolve(LocalTime local, const Zone& zone) {
  const Resolution resolution = zone.resolve(local);
  switch (resolution.kind) {
    case Resolution::Kind::unique:
      return Moment{resolution.first, {}};
    case Resolution::Kind::gap:
      return base::bad_input(
          fmt::format("{} does not exist in {}: the clocks are set forward over it", show(local),
                      zone.name()),
          fmt::format("the first moment after is {}", show(zone.to_local(resolution.first))));
    case Resolution::Kind::ambiguous:
      return Moment{resolution.first, ambiguity(local, zone)};
  }
  return Moment{resolution.first, {}};
}

/// The next time that the clock shows this, later than now; a day whose clock never does is passed
/// over.
base::Result<Moment> next_showing(Duration time_of_day, int step_days, LocalDay from, Instant now,
                                  const Zone& zone) {
  constexpr int k_most_steps = 4;
  std::string warning;
  for (int i = 0; i < k_most_steps; ++i) {
    const LocalTime local = from + days(i * step_days) + time_of_day;
    const Resolution found = zone.resolve(local);
    if (found.kind == Resolution::Kind::gap) {
      if (found.first > now) {
        warning =
            fmt::format("{} does not exist in {}, the next one is taken", show(local), zone.name());
      }
    } else if (found.first > now) {
      return Moment{found.first,
                    found.kind == Resolution::Kind::ambiguous ? ambiguity(local, zone) : warning};
    } else if (found.second > now) {
      return Moment{found.second, fmt::format("{} comes twice in {}, this is the second",
                                              show(local), zone.name())};
    }
  }
  return base::bad_input("the clock does not show this time in the days to come", k_moment_forms);
}

/// "monday" or "mon", any case; 0 is Sunday.
std::optional<unsigned> find_weekday(const std::string& word) {
  for (unsigned i = 0; i < k_weekdays.size(); ++i) {
    const std::string_view name = k_weekdays[i];
    if (word == name || word == name.substr(0, 3)) {
      return i;
    }
  }
  return std::nullopt;
}

std::vector<std::string> moment_words(std::string_view text) {
  std::vector<std::string> words;
  for (std::string& word : base::split(text, ' ')) {
    if (!word.empty()) {
      words.push_back(std::move(word));
    }
  }
  return words;
}

/// A whole date, with a time or without. With an offset it needs no zone, and so no tzdata.
/// `named` is the zone behind it, empty when there is none.
base::Result<Moment> from_reading(std::string_view reading_text, std::string_view named,
                                  std::string_view zone, std::string_view text) {
  const auto reading = parse_reading(reading_text);
  if (!reading) {
    return reading.error();
  }
  if (reading->offset && !named.empty()) {
    return base::bad_input(fmt::format("{} has both an offset and a time zone", base::quote(text)),
                           "leave out one of them");
  }
  if (reading->offset) {
    return in_range(Moment{Instant(reading->local.time_since_epoch()) - *reading->offset, {}},
                    text);
  }
  const auto found = Zone::named(named.empty() ? zone : named);
  if (!found) {
    return found.error();
  }
  const auto moment = resolve(reading->local, *found);
  return moment ? in_range(*moment, text) : moment;
}

/// "today", "tomorrow 09:00", "monday 10:00".
base::Result<Moment> from_day_word(const std::vector<std::string>& words, Instant now,
                                   const Zone& zone) {
  Duration time_of_day{};
  if (words.size() == 2) {
    const auto time = parse_time_of_day(words[1]);
    if (!time) {
      return time.error();
    }
    time_of_day = *time;
  }
  const LocalDay today = floor<days>(zone.to_local(now));
  const std::string word = base::lower_case(words[0]);
  if (word == "yesterday") {
    return resolve(today - days(1) + time_of_day, zone);
  }
  if (word == "today") {
    return resolve(today + time_of_day, zone);
  }
  if (word == "tomorrow") {
    return resolve(today + days(1) + time_of_day, zone);
  }
  const std::chrono::weekday wanted(*find_weekday(word));
  return next_showing(time_of_day, 7, today + (wanted - std::chrono::weekday(today)), now, zone);
}

base::Result<Moment> from_words(const std::vector<std::string>& words, std::string_view text,
                                Instant now, const Zone& zone) {
  const std::string first = base::lower_case(words[0]);
  const bool is_day = first == "today" || first == "tomorrow" || first == "yesterday" ||
                      find_weekday(first).has_value();
  if (is_day && words.size() <= 2) {
    return from_day_word(words, now, zone);
  }
  if (words.size() == 1 && looks_like_time(words[0])) {
    const auto time = parse_time_of_day(words[0]);
    if (!time) {
      return time.error();
    }
    return next_showing(*time, 1, floor<days>(zone.to_local(now)), now, zone);
  }
  std::vector<std::string> known(k_weekdays.begin(), k_weekdays.end());
  known.insert(known.end(), {"now", "today", "tomorrow", "yesterday"});
  return base::bad_input(fmt::format("{} is no moment", base::quote(text)),
                         base::did_you_mean(first, known, k_moment_forms));
}

/// Whether the last word can only be a zone.
bool is_zone_word(const std::string& word) {
  const char first = word.front();
  const bool letter = (first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z');
  return letter && !find_weekday(base::lower_case(word)) && word.find(':') == std::string::npos;
}

}  // namespace

base::Result<Moment> parse_moment(std::string_view text, Instant now, std::string_view zone) {
  const std::string_view trimmed = base::trim(text);
  if (trimmed.empty()) {
    return base::bad_input("the moment is empty", k_moment_forms);
  }
  if (trimmed == "now") {
    return in_range(Moment{now, {}}, text);
  }
  if (trimmed.front() == '+') {
    const auto delay = parse_duration(trimmed.substr(1));
    if (!delay) {
      return delay.error();
    }
    // Compared before it is added, for the sum may be more than an Instant holds.
    if (*delay >= k_end_of_time - now) {
      return in_range(Moment{k_end_of_time, {}}, text);
    }
    return in_range(Moment{now + *delay, {}}, text);
  }
  auto words = moment_words(trimmed);
  std::string named;
  if (words.size() > 1 && is_zone_word(words.back())) {
    named = words.back();
    words.pop_back();
  }
  if (words.size() <= 2 && looks_like_date(words[0])) {
    return from_reading(base::join(words, " "), named, zone, text);
  }
  const auto found = Zone::named(named.empty() ? zone : named);
  if (!found) {
    return found.error();
  }
  const auto moment = from_words(words, text, now, *found);
  return moment ? in_range(*moment, text) : moment;
}

std::string to_rfc3339(Instant instant) {
  std::string text = show(LocalTime(instant.time_since_epoch()));
  text[text.find(' ')] = 'T';
  return text + "Z";
}

std::string to_local(Instant instant, std::string_view zone) {
  const auto found = Zone::named(zone);
  const Zone shown_in = found ? *found : Zone::utc();
  return show(floor<std::chrono::seconds>(shown_in.to_local(instant)));
}

}  // namespace sched::time
