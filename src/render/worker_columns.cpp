// Workers, in a table and in JSON.
#include "render/json.hpp"
#include "render/phrase.hpp"
#include "render/status_page.hpp"

#include <fmt/format.h>

namespace sched::render {
namespace {

using base::Json;

/// In the usual case one lives: "7 (pid 123)".
Cell launchers_cell(const WorkerLine& worker) {
  std::string text;
  bool all_alive = true;
  for (const LauncherLine& launcher : worker.launchers) {
    text += fmt::format("{}{}", text.empty() ? "" : ", ", launcher.id.value);
    text += launcher.alive ? fmt::format(" (pid {})", launcher.pid) : " (dead)";
    all_alive = all_alive && launcher.alive;
  }
  return {text, all_alive ? Tone::plain : Tone::bad};
}

}  // namespace

const std::vector<Column<LauncherLine>>& launcher_columns() {
  static const std::vector<Column<LauncherLine>> columns = {
      {"id", "integer", "Its number", [](const LauncherLine& l) { return Json(l.id.value); }},
      {"pid", "integer", "Its process; 0 when it is only beginning",
       [](const LauncherLine& l) { return Json(l.pid); }},
      {"alive", "boolean", "Its process lives",
       [](const LauncherLine& l) { return Json(l.alive); }}};
  return columns;
}

const std::vector<Column<WorkerLine>>& worker_columns() {
  using W = WorkerLine;
  static const std::vector<Column<W>> columns = {
      {"pid", "integer", "Its process", [](const W& w) { return Json(w.pid); }, "PID",
       [](const W& w, const View&) { return Cell{fmt::format("{}", w.pid)}; }},
      {"state", "string", "working, standby, draining or ending",
       [](const W& w) { return Json(w.state); }, "STATE",
       [](const W& w, const View&) {
         return Cell{w.state, w.starts ? Tone::active : Tone::warn};
       }},
      {"slots", "integer", "How many attempts it runs at a time",
       [](const W& w) { return Json(w.slots); }, "SLOTS",
       [](const W& w, const View&) { return Cell{fmt::format("{}", w.slots)}; }},
      {"running", "integer", "How many attempts it has running",
       [](const W& w) { return Json(w.running); }, "RUNNING",
       [](const W& w, const View&) { return Cell{fmt::format("{}", w.running)}; }},
      {"started_at", "time", "When it started; a reload does not count",
       [](const W& w) { return json_of(w.started_at); }, "SINCE",
       [](const W& w, const View& view) { return Cell{relative(w.started_at, view.now)}; }},
      {"launchers", "array of launchers", "Those that carry out its attempts",
       [](const W& w) { return to_json_array(launcher_columns(), w.launchers); }, "LAUNCHER",
       [](const W& w, const View&) { return launchers_cell(w); }, Fit::flexible}};
  return columns;
}

}  // namespace sched::render
