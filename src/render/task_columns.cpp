#include "render/task_columns.hpp"

#include "render/command_text.hpp"
#include "render/json.hpp"
#include "render/phrase.hpp"
#include "render/run_columns.hpp"

namespace sched::render {
namespace {

using base::Json;

Cell state_of(const TaskLine& line, const View&) {
  if (line.paused && !(line.run && line.run->state == model::RunState::running)) {
    return {"paused", Tone::warn};
  }
  return line.run ? state_cell(*line.run) : Cell{"no run yet", Tone::dim};
}

Cell detail_of(const TaskLine& line, const View&) {
  const std::string reason = line.run ? why(*line.run) : "";
  return reason.empty() ? Cell{command_text(line.command), Tone::dim} : Cell{reason};
}

/// A field of the newest run; null without one.
template <typename Read>
Json of_run(const TaskLine& line, Read read) {
  return line.run ? Json(read(*line.run)) : Json(nullptr);
}

}  // namespace

const std::vector<Column<TaskLine>>& task_columns() {
  using model::Run;
  static const std::vector<Column<TaskLine>> columns = {
      {"id", "integer", "The task's number",
       [](const TaskLine& line) { return Json(line.id.value); }, "ID",
       [](const TaskLine& line, const View&) { return Cell{std::to_string(line.id.value)}; },
       Fit::number},
      {"name", "string", "Its name, or `task-ID`",
       [](const TaskLine& line) { return Json(line.label); }, "NAME",
       [](const TaskLine& line, const View&) {
         return Cell{line.label, Tone::strong};
       },
       Fit::flexible},
      {"command", "array of strings", "The arguments; with `shell` one text for /bin/sh -c",
       [](const TaskLine& line) { return command_json(line.command); }},
      {"shell", "boolean", "The command is a text for a shell",
       [](const TaskLine& line) { return Json(line.command.shell); }},
      {"trigger", "string", "What makes it fire: once, upstream, manual or timed",
       [](const TaskLine& line) { return Json(model::to_string(line.trigger)); }},
      {"paused", "boolean", "No new runs start",
       [](const TaskLine& line) { return Json(line.paused); }},
      {"queue", "string", "The queue in which its runs wait",
       [](const TaskLine& line) { return Json(line.queue); }, "QUEUE",
       [](const TaskLine& line, const View&) {
         return line.queue == "default" ? Cell{} : Cell{line.queue};
       },
       Fit::flexible, true},
      {"priority", "integer", "Higher goes first",
       [](const TaskLine& line) { return Json(line.priority); }},
      {"tags", "array of strings", "Its tags, sorted",
       [](const TaskLine& line) { return Json(line.tags); }},
      {"next_at", "time or null", "Its next firing; null when none is known",
       [](const TaskLine& line) { return json_of(line.next_at); }},
      {"created_at", "time", "When it was added",
       [](const TaskLine& line) { return json_of(line.created_at); }},
      {"run_id", "integer or null", "Its newest run; null before its first firing",
       [](const TaskLine& line) {
         return of_run(line, [](const Run& run) { return run.id.value; });
       }},
      {"state", "string or null", "Of that run",
       [](const TaskLine& line) {
         return of_run(line, [](const Run& run) { return model::to_string(run.state); });
       },
       "STATE", state_of},
      {"outcome", "string or null", "Of that run; null before its end",
       [](const TaskLine& line) {
         return line.run && line.run->outcome ? Json(model::to_string(*line.run->outcome))
                                              : Json(nullptr);
       }},
      {"exit_code", "integer or null", "Of that run's last attempt, when that exited by itself",
       [](const TaskLine& line) {
         return of_run(line, [](const Run& run) { return json_of(run.exit_code); });
       }},
      {"reason", "string or null", "Of that run",
       [](const TaskLine& line) {
         return of_run(line, [](const Run& run) { return json_of(run.reason); });
       }},
      {"late", "boolean or null", "That run has missed its deadline",
       [](const TaskLine& line) { return of_run(line, [](const Run& run) { return run.late; }); }},
      {"attempt", "integer or null", "Number of that run's last attempt",
       [](const TaskLine& line) {
         return of_run(line, [](const Run& run) { return run.attempts; });
       }},
      {"due_at", "time or null", "When that run may be queued",
       [](const TaskLine& line) {
         return of_run(line, [](const Run& run) { return json_of(run.due_at); });
       }},
      {"started_at", "time or null", "When that run's last attempt started",
       [](const TaskLine& line) {
         return of_run(line, [](const Run& run) { return json_of(run.started_at); });
       }},
      {"finished_at", "time or null", "When that run ended",
       [](const TaskLine& line) {
         return of_run(line, [](const Run& run) { return json_of(run.finished_at); });
       },
       "WHEN",
       [](const TaskLine& line, const View& view) {
         const bool is_open = line.run && line.run->state != model::RunState::finished;
         return line.next_at && !is_open ? Cell{"next " + relative(*line.next_at, view.now)}
                                         : Cell{line.run ? when(*line.run, view.now) : ""};
       }},
      {nullptr, "", "", nullptr, "REASON OR COMMAND", detail_of, Fit::flexible}};
  return columns;
}

}  // namespace sched::render
