#include "rules/timetable.hpp"

#include "base/text.hpp"
#include "time/duration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace sched::rules {
namespace {

std::string option_of(model::Timer::Kind kind) {
  switch (kind) {
    case model::Timer::Kind::cron:
    case model::Timer::Kind::cron_extended:
      return "--cron";
    case model::Timer::Kind::calendar:
      return "--calendar";
    case model::Timer::Kind::every:
      return "--every";
  }
  return "";
}

base::Result<time::Every> read_every(const std::string& text,
                                     const std::optional<time::Instant>& anchor) {
  const auto period = time::parse_duration(text);
  if (!period) {
    return period.error();
  }
  if (period->count() <= 0) {
    return base::Error(base::ErrorKind::invalid_input, "it must be more than nothing",
                       "15m fires every quarter of an hour");
  }
  return time::Every{*period, anchor.value_or(time::k_first_instant)};
}

base::Result<time::TimerRule> read_timer(const model::Timer& timer, const model::Schedule& schedule,
                                         const time::Zone& zone, std::string_view name,
                                         std::vector<std::string>& warnings) {
  switch (timer.kind) {
    case model::Timer::Kind::cron:
    case model::Timer::Kind::cron_extended: {
      const auto dialect = timer.kind == model::Timer::Kind::cron ? time::CronDialect::standard
                                                                  : time::CronDialect::extended;
      auto expression = time::parse_cron(timer.text, dialect, name);
      if (!expression) {
        return expression.error();
      }
      warnings.insert(warnings.end(), expression->warnings.begin(), expression->warnings.end());
      return time::TimerRule(time::CronTimes{std::move(expression).value(), zone});
    }
    case model::Timer::Kind::calendar: {
      auto spec = time::parse_calendar(timer.text);
      if (!spec) {
        return spec.error();
      }
      return time::TimerRule(time::CalendarTimes{std::move(spec).value(), zone});
    }
    case model::Timer::Kind::every: {
      auto every = read_every(timer.text, schedule.anchor);
      if (!every) {
        return every.error();
      }
      return time::TimerRule(*every);
    }
  }
  return base::Error(base::ErrorKind::invalid_input, "no such trigger");
}

base::Result<time::DayRules> read_days(const model::DaySelection& selection, const char* option) {
  time::DayRules rules;
  rules.days = selection.days;
  for (const std::string& text : selection.expressions) {
    auto spec = time::parse_calendar(text);
    if (!spec) {
      return spec.error().within(fmt::format("{} {}", option, base::quote(text)));
    }
    rules.expressions.push_back(std::move(spec).value());
  }
  return rules;
}

/// FNV-1a and a mix of its bits: the same on every machine and in every version.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  }
  hash = (hash ^ (hash >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  return hash ^ (hash >> 27U);
}

}  // namespace

base::Result<ReadTimetable> read_timetable(const model::Schedule& schedule, std::string_view name) {
  auto zone = time::Zone::named(schedule.zone);
  if (!zone) {
    return zone.error();
  }
  ReadTimetable read{{{}, *zone, {}, {}, schedule.not_before, schedule.not_after}, {}};
  for (const model::Timer& timer : schedule.timers) {
    auto rule = read_timer(timer, schedule, *zone, name, read.warnings);
    if (!rule) {
      return rule.error().within(
          fmt::format("{} {}", option_of(timer.kind), base::quote(timer.text)));
    }
    read.table.timers.push_back(std::move(rule).value());
  }
  auto except = read_days(schedule.except, "--except");
  if (!except) {
    return except.error();
  }
  read.table.except = std::move(except).value();
  auto only = read_days(schedule.only, "--only");
  if (!only) {
    return only.error();
  }
  read.table.only = std::move(only).value();
  return read;
}

std::optional<time::Instant> next_from_finish(const time::Timetable& table, time::Instant ended) {
  time::Timetable shifted = table;
  for (time::TimerRule& timer : shifted.timers) {
    if (auto* every = std::get_if<time::Every>(&timer)) {
      every->anchor = ended + every->period;
    }
  }
  return time::next_firing(shifted, ended);
}

bool fires_at_boot(const time::Timetable& table) {
  return std::any_of(table.timers.begin(), table.timers.end(), [](const time::TimerRule& timer) {
    const auto* cron = std::get_if<time::CronTimes>(&timer);
    return cron != nullptr && cron->expression.at_boot;
  });
}

time::Duration jitter_of(std::string_view name, time::Duration jitter) {
  if (jitter.count() <= 0) {
    return {};
  }
  return time::Duration(
      static_cast<std::int64_t>(hash_of(name) % static_cast<std::uint64_t>(jitter.count())));
}

}  // namespace sched::rules
