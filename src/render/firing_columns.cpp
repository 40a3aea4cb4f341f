#include "render/firing_columns.hpp"

#include "render/json.hpp"
#include "render/phrase.hpp"
#include "time/duration.hpp"
#include "time/timestamp.hpp"

#include <fmt/format.h>

#include <array>

namespace sched::render {
namespace {

using base::Json;

/// "+02:00"; with seconds where there are some, as before 1970.
std::string offset_text(time::Duration offset) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(offset).count();
  const auto size = seconds < 0 ? -seconds : seconds;
  std::string text =
      fmt::format("{}{:02}:{:02}", seconds < 0 ? '-' : '+', size / 3600, size / 60 % 60);
  return size % 60 == 0 ? text : text + fmt::format(":{:02}", size % 60);
}

/// The change of clocks on the local day of the firing.
std::optional<time::OffsetChange> change_of_day(const FiringLine& line) {
  const auto day = std::chrono::floor<std::chrono::days>(line.zone.to_local(line.at));
  const time::Instant begin = line.zone.resolve(time::LocalTime(day)).first;
  const time::Instant end = line.zone.resolve(time::LocalTime(day + std::chrono::days(1))).first;
  const auto change = line.zone.next_change(begin - time::Duration(1));
  return change && change->at < end ? change : std::nullopt;
}

std::string local_text(const FiringLine& line) {
  static constexpr std::array k_names = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  const std::chrono::weekday weekday(
      std::chrono::floor<std::chrono::days>(line.zone.to_local(line.at)));
  return fmt::format("{} {} {}", k_names.at(weekday.c_encoding()),
                     time::to_local(line.at, line.zone.name()),
                     offset_text(line.zone.offset_at(line.at)));
}

/// "clocks +1h": short, for the name of the zone has to fit beside it.
std::string change_text(const FiringLine& line) {
  const auto change = change_of_day(line);
  if (!change) {
    return "";
  }
  const time::Duration step = change->after - change->before;
  return fmt::format("clocks {}{}", step.count() < 0 ? "-" : "+",
                     time::to_string(step.count() < 0 ? -step : step));
}

}  // namespace

const std::vector<Column<FiringLine>>& firing_columns() {
  using F = FiringLine;
  static const std::vector<Column<F>> columns = {
      {"at", "time", "When it fires", [](const F& f) { return json_of(f.at); }, "LOCAL TIME",
       [](const F& f, const View&) { return Cell{local_text(f)}; }},
      {"local", "string", "The same on the clock on the wall, without its offset",
       [](const F& f) {
         std::string text = time::to_local(f.at, f.zone.name());
         text[text.find(' ')] = 'T';
         return Json(text);
       }},
      {"offset", "string", "Of that clock from UTC: +02:00",
       [](const F& f) { return Json(offset_text(f.zone.offset_at(f.at))); }},
      {"zone", "string", "Of that clock", [](const F& f) { return Json(f.zone.name()); }, "ZONE",
       [](const F& f, const View&) {
         return Cell{f.zone.name(), Tone::dim};
       },
       Fit::flexible},
      {"clock_change", "boolean", "The clocks change on that day",
       [](const F& f) { return Json(change_of_day(f).has_value()); }},
      {"task_id", "integer or null", "The task; null for an expression",
       [](const F& f) { return f.id ? Json(f.id->value) : Json(nullptr); }},
      {"task", "string or null", "Its name, or `task-ID`",
       [](const F& f) { return json_of(f.task); }, "TASK",
       [](const F& f, const View&) {
         return Cell{f.task, Tone::strong};
       },
       Fit::flexible, true},
      {nullptr, "", "", nullptr, "WHEN",
       [](const F& f, const View& view) { return Cell{relative(f.at, view.now)}; }},
      {nullptr, "", "", nullptr, "", [](const F& f, const View&) {
         return Cell{change_text(f), Tone::warn};
       }}};
  return columns;
}

}  // namespace sched::render
