#include "cli/schedule_fields.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/day_file.hpp"
#include "time/calendar.hpp"
#include "time/duration.hpp"
#include "time/zone.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace sched::cli {
namespace {

using Context = DraftContext;

model::Schedule& schedule_of(TaskDraft& draft, const char* field) {
  draft.schedule_fields.emplace_back(field);
  if (!draft.task.schedule) {
    draft.task.schedule.emplace();
  }
  return *draft.task.schedule;
}

/// The first one given takes the place of all that a task had.
void add_timer(TaskDraft& draft, const char* field, model::Timer::Kind kind,
               const std::string& value) {
  model::Schedule& schedule = schedule_of(draft, field);
  if (!std::exchange(draft.timers_given, true)) {
    schedule.timers.clear();
  }
  schedule.timers.push_back({kind, value});
}

void keep_moment(TaskDraft& draft, const char* field, const std::string& value) {
  schedule_of(draft, field);
  draft.moments[field] = value;
}

void read_cron(const Context&, TaskDraft& draft, const std::string& value) {
  add_timer(draft, "cron", model::Timer::Kind::cron, value);
}

void read_calendar(const Context&, TaskDraft& draft, const std::string& value) {
  add_timer(draft, "calendar", model::Timer::Kind::calendar, value);
}

void read_every(const Context&, TaskDraft& draft, const std::string& value) {
  add_timer(draft, "every", model::Timer::Kind::every, value);
}

void read_from(const Context&, TaskDraft& draft, const std::string& value) {
  if (value != "start" && value != "finish") {
    throw base::bad_input(
        "neither start nor finish",
        "'finish' counts --every from the end of the last run, 'start' from a fixed anchor");
  }
  schedule_of(draft, "from").from_finish = value == "finish";
}

void read_zone(const Context&, TaskDraft& draft, const std::string& value) {
  if (value.empty()) {
    throw base::bad_input("no zone is named", "zones have names like Europe/Berlin");
  }
  schedule_of(draft, "zone").zone = time::Zone::named(value).value().name();
}

void read_dialect(const Context&, TaskDraft& draft, const std::string& value) {
  if (value != "standard" && value != "extended") {
    throw base::bad_input("not one of standard, extended",
                          base::did_you_mean(value, {"standard", "extended"},
                                             "standard is what cron reads: five fields"));
  }
  schedule_of(draft, "dialect");
  draft.cron_kind =
      value == "standard" ? model::Timer::Kind::cron : model::Timer::Kind::cron_extended;
}

void read_count(const Context&, TaskDraft& draft, const std::string& value) {
  model::Schedule& schedule = schedule_of(draft, "count");
  if (value.empty()) {
    schedule.count.reset();
    return;
  }
  const auto number = base::parse_int(value);
  if (!number || *number < 1 || *number > 1'000'000'000) {
    throw base::bad_input("not a whole number from 1 to 1000000000");
  }
  schedule.count = static_cast<int>(*number);
}

/// An empty value takes all of them away.
void add_expression(model::DaySelection& selection, const std::string& value) {
  if (value.empty()) {
    selection.expressions.clear();
    return;
  }
  time::parse_calendar(value).value();
  selection.expressions.push_back(value);
}

void read_days(const Context& context, TaskDraft& draft, model::DaySelection& selection,
               const std::string& value) {
  selection.days.clear();
  selection.file.clear();
  if (value.empty()) {
    return;
  }
  selection.file = (std::filesystem::path(context.directory) / value).lexically_normal().string();
  selection.days = read_day_file(selection.file, draft.warnings);
}

time::Duration not_negative(const std::string& value) {
  constexpr time::Duration k_longest = std::chrono::hours(24 * 3650);
  const time::Duration duration = time::parse_duration(value).value();
  if (duration > k_longest) {
    throw base::bad_input("longer than ten years");
  }
  return duration;
}

}  // namespace

const std::vector<TaskField>& schedule_fields() {
  static const std::vector<TaskField> fields = {
      {"cron", "EXPRESSION", "Run at the times of this cron expression: '30 2 * * 1-5', '@daily'",
       true, read_cron},
      {"calendar", "EXPRESSION",
       "Run at the times of this calendar expression, as in OnCalendar= of systemd: "
       "'Mon..Fri 02:30'",
       true, read_calendar},
      {"every", "DURATION", "Run again and again, this time apart", false, read_every},
      {"from", "start|finish",
       "Count --every from a fixed start (default), or from the finish of the last run", false,
       read_from},
      {"anchor", "MOMENT", "Count --every from this moment (default: now)", false,
       [](const Context&, TaskDraft& draft, const std::string& value) {
         keep_moment(draft, "anchor", value);
       }},
      {"zone", "ZONE", "Read local times in this zone: Europe/Berlin (default: the system's)",
       false, read_zone},
      {"dialect", "DIALECT",
       "How --cron is read: standard (default), or extended for seconds, years, L, W, # and ?",
       false, read_dialect},
      {"not-before", "MOMENT", "Never fire before this moment", false,
       [](const Context&, TaskDraft& draft, const std::string& value) {
         keep_moment(draft, "not-before", value);
       }},
      {"not-after", "MOMENT", "Never fire after this moment", false,
       [](const Context&, TaskDraft& draft, const std::string& value) {
         keep_moment(draft, "not-after", value);
       }},
      {"count", "N", "Run so many times, then no more", false, read_count},
      {"except", "EXPRESSION", "Never on the days or times of this calendar expression: 'Sat,Sun'",
       true,
       [](const Context&, TaskDraft& draft, const std::string& value) {
         add_expression(schedule_of(draft, "except").except, value);
       }},
      {"except-on", "FILE",
       "Never on the days in this file: iCalendar, or one date a line (holidays)", false,
       [](const Context& context, TaskDraft& draft, const std::string& value) {
         read_days(context, draft, schedule_of(draft, "except-on").except, value);
       }},
      {"only", "EXPRESSION", "Only on the days or times of this calendar expression", true,
       [](const Context&, TaskDraft& draft, const std::string& value) {
         add_expression(schedule_of(draft, "only").only, value);
       }},
      {"only-on", "FILE", "Only on the days in this file", false,
       [](const Context& context, TaskDraft& draft, const std::string& value) {
         model::DaySelection& only = schedule_of(draft, "only-on").only;
         read_days(context, draft, only, value);
         if (!only.file.empty() && only.days.empty()) {
           throw base::bad_input("there is no day in it, so nothing would ever fire",
                                 "write a date a line, as in 2026-12-25");
         }
       }},
      {"catch-up", "POLICY",
       "Firings that fell while no worker ran: none, last (default: only the newest runs), "
       "all or all:N",
       false,
       [](const Context&, TaskDraft& draft, const std::string& value) {
         schedule_of(draft, "catch-up").catch_up = model::parse_catch_up(value).value();
       }},
      {"grace", "DURATION", "A firing that is later than this is missed", false,
       [](const Context&, TaskDraft& draft, const std::string& value) {
         schedule_of(draft, "grace").grace = not_negative(value);
       }},
      {"overlap", "POLICY",
       "A firing while the last run goes on: skip (default), queue, replace or allow", false,
       [](const Context&, TaskDraft& draft, const std::string& value) {
         schedule_of(draft, "overlap").overlap = model::parse_overlap(value).value();
       }},
      {"jitter", "DURATION", "Put each start off by up to this, the same for one task", false,
       [](const Context&, TaskDraft& draft, const std::string& value) {
         schedule_of(draft, "jitter").jitter = not_negative(value);
       }},
      {"force", "", "Keep it even if it can never fire", false,
       [](const Context&, TaskDraft& draft, const std::string& value) {
         draft.force = read_yes_or_no(value);
       }},
  };
  return fields;
}

}  // namespace sched::cli
