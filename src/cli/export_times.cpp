#include "cli/export_times.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "exchange/cron_calendar.hpp"
#include "exchange/number_list.hpp"
#include "time/calendar.hpp"
#include "time/cron.hpp"
#include "time/duration.hpp"
#include "time/zone.hpp"

#include <fmt/format.h>

#include <array>

namespace sched::cli {
namespace {

using std::chrono::minutes;

/// "" where it is the machine's own.
std::string named_zone(const std::string& zone) {
  return zone == time::system_zone() ? std::string() : zone;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : std::string(text) + " ") {
    if (c != ' ' && c != '\t') {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, {}));
    }
  }
  return words;
}

/// With one blank between fields, and each field that leaves a choice by `~` as what was chosen for
/// this task: other programs would choose otherwise.
base::Result<CronTime> from_cron(const std::string& text, const model::Task& task) {
  const auto expression = time::parse_cron(text, time::CronDialect::standard, model::label(task));
  if (!expression) {
    return expression.error();
  }
  const time::Readings& readings = expression->readings;
  const std::array<std::uint64_t, 5> chosen = {readings.minutes, readings.hours, readings.days.days,
                                               readings.days.months, readings.days.weekdays};
  CronTime cron;
  std::vector<std::string> fields = words_of(text);
  for (std::size_t i = 0; i < fields.size() && i < chosen.size(); ++i) {
    if (fields[i].find('~') != std::string::npos) {
      fields[i] = exchange::write_numbers(chosen[i], {"-", 1});
      cron.remark = fmt::format("{} by what it chose", base::quote(text));
    }
  }
  cron.schedule = base::join(fields, " ");
  cron.zone = named_zone(task.schedule->zone);
  return cron;
}

/// Whether the clock of the zone is only ever changed by whole periods from now on.
bool is_steady(const time::Zone& zone, time::Duration period, time::Instant now) {
  int left = 4;  // the rule at the end of a zone has two, again and again
  for (auto change = zone.next_change(now); change && left > 0; --left) {
    if ((change->after - change->before) % period != time::Duration::zero()) {
      return false;
    }
    change = zone.next_change(change->at);
  }
  return true;
}

/// "*", "*/15" or "5-59/15".
std::string steps(std::int64_t first, std::int64_t step, std::int64_t last) {
  if (step > last) {
    return std::to_string(first);
  }
  if (first == 0) {
    return step == 1 ? "*" : fmt::format("*/{}", step);
  }
  return fmt::format("{}-{}/{}", first, last, step);
}

base::Result<CronTime> from_every(const std::string& text, const model::Task& task,
                                  time::Instant now) {
  if (task.schedule->from_finish) {
    return base::bad_input("it counts from the end of a run");
  }
  const auto period = time::parse_duration(text);
  const auto zone = time::Zone::named(task.schedule->zone);
  if (!period || !zone) {
    return period ? zone.error() : period.error();
  }
  const std::int64_t length = *period / minutes(1);
  const bool divides_hour = length > 0 && 60 % length == 0;
  const bool divides_day = length > 0 && length % 60 == 0 && 1440 % length == 0;
  if (*period % minutes(1) != time::Duration::zero() || (!divides_hour && !divides_day)) {
    return base::bad_input(fmt::format("{} divides neither an hour nor a day evenly", text));
  }
  const bool steady = is_steady(*zone, *period, now);
  const time::Instant anchor = task.schedule->anchor.value_or(time::k_first_instant);
  const time::Duration offset = steady ? zone->offset_at(now) : time::Duration::zero();
  const time::Duration since = (anchor.time_since_epoch() + offset) % *period;
  const std::int64_t phase = since / minutes(1);
  CronTime cron;
  cron.schedule = divides_hour
                      ? fmt::format("{} * * * *", steps(phase, length, 59))
                      : fmt::format("{} {} * * *", phase % 60, steps(phase / 60, length / 60, 23));
  cron.zone = named_zone(steady ? zone->name() : "UTC");
  cron.remark = fmt::format("--every {} by these times of the clock", text);
  if (since % minutes(1) != time::Duration::zero()) {
    cron.loss = fmt::format("the second at which --every {} fires", text);
  }
  return cron;
}

base::Result<CronTime> from_calendar(const std::string& text, const model::Task& task) {
  const auto spec = time::parse_calendar(text);
  if (!spec) {
    return spec.error();
  }
  const auto schedule = exchange::to_cron(*spec);
  if (!schedule) {
    return schedule.error();
  }
  const std::string zone = spec->zone ? spec->zone->name() : task.schedule->zone;
  return CronTime{*schedule, named_zone(zone), {}, {}};
}

}  // namespace

base::Result<CronTime> to_cron_time(const model::Timer& timer, const model::Task& task,
                                    time::Instant now) {
  switch (timer.kind) {
    case model::Timer::Kind::cron:
      return from_cron(timer.text, task);
    case model::Timer::Kind::cron_extended:
      return base::bad_input("it is in the extended dialect");
    case model::Timer::Kind::calendar:
      return from_calendar(timer.text, task);
    case model::Timer::Kind::every:
      return from_every(timer.text, task, now);
  }
  return base::bad_input("no such trigger");
}

base::Result<CalendarTimes> to_calendar_times(const model::Timer& timer, const model::Task& task,
                                              time::Instant now) {
  if (timer.kind == model::Timer::Kind::calendar) {
    const auto spec = time::parse_calendar(timer.text);
    if (!spec) {
      return spec.error();
    }
    const std::string zone = spec->zone ? std::string() : named_zone(task.schedule->zone);
    return CalendarTimes{{timer.text + (zone.empty() ? "" : " " + zone)}, {}, {}};
  }
  const auto cron = to_cron_time(timer, task, now);
  if (!cron) {
    return cron.error();
  }
  const auto calendar = exchange::to_calendar(cron->schedule, cron->zone);
  if (!calendar) {
    return calendar.error();
  }
  CalendarTimes times{calendar->expressions, cron->remark, cron->loss};
  if (calendar->changes_clock_rule && times.loss.empty()) {
    times.loss = fmt::format("how {} follows a change of clocks", base::quote(timer.text));
  }
  return times;
}

bool is_at_boot(const model::Timer& timer) {
  return timer.kind == model::Timer::Kind::cron && base::trim(timer.text) == "@reboot";
}

}  // namespace sched::cli
