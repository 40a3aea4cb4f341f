#include "render/schedule_columns.hpp"

#include "base/text.hpp"
#include "render/json.hpp"
#include "render/phrase.hpp"
#include "time/calendar.hpp"
#include "time/duration.hpp"
#include "time/timestamp.hpp"

#include <fmt/format.h>

namespace sched::render {
namespace {

using base::Json;

std::string date_text(std::chrono::local_days day) {
  const std::chrono::year_month_day date(day);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

/// Of a calendar expression; "" of all else, and of what can't be read any more.
std::string normal_form(const model::Timer& timer) {
  if (timer.kind != model::Timer::Kind::calendar) {
    return "";
  }
  const auto spec = time::parse_calendar(timer.text);
  return spec ? time::to_string(*spec) : "";
}

/// " (*-*-* 00:00:00)"; "" where it is written so.
std::string normal_form_behind(const model::Timer& timer) {
  const std::string form = normal_form(timer);
  return form.empty() || form == timer.text ? "" : fmt::format(" ({})", form);
}

std::string timer_text(const model::Timer& timer, const model::Schedule& schedule) {
  switch (timer.kind) {
    case model::Timer::Kind::cron:
      return "cron " + timer.text;
    case model::Timer::Kind::cron_extended:
      return "cron (extended) " + timer.text;
    case model::Timer::Kind::calendar:
      return "calendar " + timer.text + normal_form_behind(timer);
    case model::Timer::Kind::every:
      return "every " + timer.text + (schedule.from_finish ? " from the end of the last run" : "");
  }
  return "";
}

std::string days_text(const char* word, const model::DaySelection& selection) {
  std::vector<std::string> words = selection.expressions;
  if (!selection.file.empty()) {
    words.push_back(fmt::format("{} of {}",
                                count(static_cast<std::int64_t>(selection.days.size()), "day"),
                                selection.file));
  }
  return words.empty() ? "" : fmt::format("{} {}", word, base::join(words, ", "));
}

}  // namespace

std::vector<std::string> normal_form_notes(const model::Schedule& schedule) {
  std::vector<std::string> notes;
  for (const model::Timer& timer : schedule.timers) {
    if (const std::string form = normal_form(timer); !form.empty() && form != timer.text) {
      notes.push_back(fmt::format("{} in its normal form: {}", base::quote(timer.text), form));
    }
  }
  return notes;
}

std::string timers_text(const model::Schedule& schedule) {
  std::vector<std::string> words;
  words.reserve(schedule.timers.size());
  for (const model::Timer& timer : schedule.timers) {
    words.push_back(timer_text(timer, schedule));
  }
  return fmt::format("{}, in {}", base::join(words, " and "), schedule.zone);
}

std::string bounds_text(const model::Schedule& schedule) {
  const model::Schedule usual;
  std::vector<std::string> words;
  if (schedule.not_before) {
    words.push_back("not before " + time::to_local(*schedule.not_before, schedule.zone));
  }
  if (schedule.not_after) {
    words.push_back("not after " + time::to_local(*schedule.not_after, schedule.zone));
  }
  if (schedule.count) {
    words.push_back(count(*schedule.count, "time"));
  }
  words.push_back(days_text("except", schedule.except));
  words.push_back(days_text("only", schedule.only));
  if (!(schedule.catch_up == usual.catch_up)) {
    words.push_back("catch-up " + model::to_string(schedule.catch_up));
  }
  if (schedule.grace != usual.grace) {
    words.push_back("grace " + time::to_string(schedule.grace));
  }
  if (schedule.overlap != usual.overlap) {
    words.push_back(std::string("overlap ") + model::to_string(schedule.overlap));
  }
  if (schedule.jitter != usual.jitter) {
    words.push_back("jitter " + time::to_string(schedule.jitter));
  }
  std::erase(words, std::string());
  return base::join(words, "; ");
}

const std::vector<Column<model::Timer>>& timer_columns() {
  using T = model::Timer;
  static const std::vector<Column<T>> columns = {
      {"kind", "string", "cron, cron-extended, calendar or every",
       [](const T& t) { return Json(model::to_string(t.kind)); }},
      {"text", "string", "As it was written", [](const T& t) { return Json(t.text); }},
      {"normal_form", "string or null", "Of a calendar expression, as systemd shows it",
       [](const T& t) { return json_of(normal_form(t)); }}};
  return columns;
}

const std::vector<Column<model::DaySelection>>& day_columns() {
  using D = model::DaySelection;
  static const std::vector<Column<D>> columns = {
      {"expressions", "array of strings", "Calendar expressions",
       [](const D& d) { return Json(d.expressions); }},
      {"file", "string or null", "Where the days were read from",
       [](const D& d) { return json_of(d.file); }},
      {"days", "array of strings", "Dates such as 2026-12-25, ascending", [](const D& d) {
         Json days = Json::array();
         for (const std::chrono::local_days day : d.days) {
           days.push_back(date_text(day));
         }
         return days;
       }}};
  return columns;
}

const std::vector<Column<model::Schedule>>& schedule_columns() {
  using S = model::Schedule;
  static const std::vector<Column<S>> columns = {
      {"timers", "array of timers", "What makes it fire",
       [](const S& s) { return to_json_array(timer_columns(), s.timers); }},
      {"zone", "string", "In which local times are read", [](const S& s) { return Json(s.zone); }},
      {"anchor", "time or null", "What `every` counts from",
       [](const S& s) { return json_of(s.anchor); }},
      {"from", "string", "start, or finish: `every` counts from the end of the last run",
       [](const S& s) { return Json(s.from_finish ? "finish" : "start"); }},
      {"not_before", "time or null", "It never fires before that",
       [](const S& s) { return json_of(s.not_before); }},
      {"not_after", "time or null", "It never fires after that",
       [](const S& s) { return json_of(s.not_after); }},
      {"count", "integer or null", "How many times it runs",
       [](const S& s) { return json_of(s.count); }},
      {"except", "days", "When it does not fire",
       [](const S& s) { return to_json(day_columns(), s.except); }},
      {"only", "days", "The only days when it fires; all if empty",
       [](const S& s) { return to_json(day_columns(), s.only); }},
      {"catch_up", "string", "none, last, all or all:N",
       [](const S& s) { return Json(model::to_string(s.catch_up)); }},
      {"grace_ms", "integer", "A firing later than that is missed; 0 is never too late",
       [](const S& s) { return Json(s.grace.count()); }},
      {"overlap", "string", "skip, queue, replace or allow",
       [](const S& s) { return Json(model::to_string(s.overlap)); }},
      {"jitter_ms", "integer", "The start is put off by up to that",
       [](const S& s) { return Json(s.jitter.count()); }}};
  return columns;
}

}  // namespace sched::render
