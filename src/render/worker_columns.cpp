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
    text += !launcher.alive    ? " (dead)"
            : launcher.pid > 0 ? fmt::format(" (pid {})", launcher.pid)
                               : " (begins)";
    all_alive = all_alive && launcher.alive;
  }
  return {text, all_alive ? Tone::plain : Tone::bad};
}

Cell slots_cell(const WorkerLine& worker) {
  if (!worker.throttle) {
    return {fmt::format("{}", worker.slots)};
  }
  const int shed = worker.throttle->shed_runs;
  return {fmt::format("{} of {}{}{}", worker.slots, model::to_string(worker.throttle->range),
                      shed > 0 ? fmt::format(", {} shed", shed) : "",
                      worker.throttle->none_to_shed ? ", none to shed" : ""),
          worker.throttle->strain ? Tone::warn : Tone::plain};
}

}  // namespace

const std::vector<Column<model::Throttle>>& throttle_columns() {
  using T = model::Throttle;
  static const std::vector<Column<T>> columns = {
      {"least", "integer", "The least slots", [](const T& t) { return Json(t.range.least); }},
      {"most", "integer", "The most slots", [](const T& t) { return Json(t.range.most); }},
      {"strain", "string or null",
       "cpu, memory, io or load: what was too much at the last step down",
       [](const T& t) { return t.strain ? Json(to_string(t.strain->kind)) : Json(); }},
      {"percent", "integer or null",
       "How much of it was measured then: share of time, or load for each CPU",
       [](const T& t) { return t.strain ? Json(t.strain->percent) : Json(); }},
      {"bound", "integer or null", "More percent than that are too much",
       [](const T& t) { return t.strain ? Json(t.strain->bound) : Json(); }},
      {"stopped", "boolean", "Memory is so short that nothing new starts at all",
       [](const T& t) { return Json(t.stopped); }},
      {"since", "time", "When any of this changed last",
       [](const T& t) { return json_of(t.since); }},
      {"shed", "string", "Whom it ends when memory stays short: never, preemptible or any",
       [](const T& t) { return Json(to_string(t.shed)); }},
      {"shed_runs", "integer", "How many it has ended so",
       [](const T& t) { return Json(t.shed_runs); }},
      {"shed_last", "integer or null", "The run that was the last of them",
       [](const T& t) { return t.shed_last ? Json(t.shed_last.value) : Json(); }},
      {"none_to_shed", "boolean", "Memory stays so short, and there is none whom it may end",
       [](const T& t) { return Json(t.none_to_shed); }}};
  return columns;
}

const std::vector<Column<LauncherLine>>& launcher_columns() {
  static const std::vector<Column<LauncherLine>> columns = {
      {"id", "integer", "Its number", [](const LauncherLine& l) { return Json(l.id.value); }},
      {"pid", "integer or null", "Its process; null when it is only beginning",
       [](const LauncherLine& l) { return l.pid > 0 ? Json(l.pid) : Json(); }},
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
      {"slots", "integer", "How many attempts it runs at a time, at present",
       [](const W& w) { return Json(w.slots); }, "SLOTS",
       [](const W& w, const View&) { return slots_cell(w); }},
      {"throttle", "throttle or null",
       "How that number follows what the machine bears; null: it is fixed",
       [](const W& w) { return w.throttle ? to_json(throttle_columns(), *w.throttle) : Json(); }},
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
