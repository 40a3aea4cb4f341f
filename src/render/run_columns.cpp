#include "render/run_columns.hpp"

#include "model/task.hpp"
#include "render/json.hpp"
#include "render/phrase.hpp"

#include <fmt/format.h>

namespace sched::render {
namespace {

using base::Json;

Tone tone_of(model::Outcome outcome) {
  switch (outcome) {
    case model::Outcome::succeeded:
      return Tone::good;
    case model::Outcome::failed:
    case model::Outcome::timed_out:
    case model::Outcome::lost:
      return Tone::bad;
    case model::Outcome::cancelled:
    case model::Outcome::skipped:
    case model::Outcome::missed:
      return Tone::warn;
  }
  return Tone::plain;
}

Cell attempts_cell(const RunLine& line, const View&) {
  return {line.run.attempts == 0 ? "" : fmt::format("{}", line.run.attempts), Tone::plain};
}

}  // namespace

Cell state_cell(const model::Run& run) {
  if (run.outcome) {
    return {model::to_string(*run.outcome), tone_of(*run.outcome)};
  }
  if (run.suspended_at) {
    return {"suspended", Tone::warn};
  }
  const bool runs = run.state == model::RunState::running;
  const bool held = run.state == model::RunState::held;
  return {model::to_string(run.state), runs ? Tone::active : held ? Tone::warn : Tone::plain};
}

std::string when(const model::Run& run, time::Instant now) {
  switch (run.state) {
    case model::RunState::waiting:
      return !run.due_at ? "" : *run.due_at > now ? relative(*run.due_at, now) : "due";
    case model::RunState::running:
      return run.suspended_at ? "for " + span(now - *run.suspended_at)
             : run.started_at ? "for " + span(now - *run.started_at)
                              : "";
    case model::RunState::finished:
      return run.finished_at ? relative(*run.finished_at, now) : "";
    case model::RunState::queued:
    case model::RunState::held:
      return "";
  }
  return "";
}

namespace {

std::string why_so(const model::Run& run) {
  if (run.outcome == model::Outcome::succeeded) {
    return "";
  }
  if (run.state == model::RunState::running && run.cancel_requested) {
    return "being cancelled";
  }
  if (run.state == model::RunState::waiting && run.edges.open > 0) {
    return fmt::format("waits for {} of {}", run.edges.open, count(run.edges.total, "task"));
  }
  return run.reason;
}

}  // namespace

std::string why(const model::Run& run) {
  const std::string text = why_so(run);
  return !run.late ? text : text.empty() ? "late" : "late; " + text;
}

const std::vector<Column<RunLine>>& run_columns() {
  static const std::vector<Column<RunLine>> columns = {
      {"id", "integer", "The run's number; `run-ID` names it",
       [](const RunLine& line) { return Json(line.run.id.value); }, "RUN",
       [](const RunLine& line, const View&) { return Cell{model::label(line.run.id)}; }},
      {"task_id", "integer", "The task that it is a run of",
       [](const RunLine& line) { return Json(line.run.task.value); }},
      {"task", "string", "The task's name, or `task-ID`",
       [](const RunLine& line) { return Json(line.task); }, "TASK",
       [](const RunLine& line, const View&) {
         return Cell{line.task, Tone::strong};
       },
       Fit::flexible},
      {"flow_id", "integer or null", "The root run of its flow; null when it is alone",
       [](const RunLine& line) {
         return line.run.flow ? Json(line.run.flow.value) : Json(nullptr);
       }},
      {"trigger", "string",
       "What fired it: once, manual, time, boot, flow:ID with the root run, or failure:ID.ATTEMPT, "
       "success:ID.ATTEMPT, fallback:ID.ATTEMPT with the end of a run that it handles",
       [](const RunLine& line) { return Json(line.run.trigger); }},
      {"nominal_at", "time", "The moment that it stands for",
       [](const RunLine& line) { return json_of(line.run.nominal_at); }},
      {"firings", "integer", "How many firings it stands for: more than 1 where many were missed",
       [](const RunLine& line) { return Json(line.run.firings); }},
      {"state", "string", "waiting, queued, running, held or finished",
       [](const RunLine& line) { return Json(model::to_string(line.run.state)); }, "STATE",
       [](const RunLine& line, const View&) { return state_cell(line.run); }},
      {"outcome", "string or null",
       "How it ended: succeeded, failed, timed_out, cancelled, skipped, missed or lost; null "
       "before",
       [](const RunLine& line) {
         return line.run.outcome ? Json(model::to_string(*line.run.outcome)) : Json(nullptr);
       }},
      {"exit_code", "integer or null", "Of the last attempt, when that exited by itself",
       [](const RunLine& line) { return json_of(line.run.exit_code); }},
      {"reason", "string or null", "One line: why it ended so, or what it waits for",
       [](const RunLine& line) { return json_of(line.run.reason); }},
      {"priority", "integer", "Higher goes first",
       [](const RunLine& line) { return Json(line.run.priority); }},
      {"attempt", "integer", "The number of its last attempt; 0 before the first",
       [](const RunLine& line) { return Json(line.run.attempts); }, "TRY", attempts_cell,
       Fit::number},
      {"due_at", "time or null", "When it may be queued; null when something else is in the way",
       [](const RunLine& line) { return json_of(line.run.due_at); }},
      {"deadline_at", "time or null", "By when it is to have ended",
       [](const RunLine& line) { return json_of(line.run.deadlines.soft); }},
      {"hard_deadline_at", "time or null", "What can't end by then does not run",
       [](const RunLine& line) { return json_of(line.run.deadlines.hard); }},
      {"late", "boolean", "`deadline_at` passed before its end",
       [](const RunLine& line) { return Json(line.run.late); }},
      {"cancel_requested", "boolean", "It runs, and is being ended",
       [](const RunLine& line) { return Json(line.run.cancel_requested); }},
      {"created_at", "time", "When it was written",
       [](const RunLine& line) { return json_of(line.run.created_at); }},
      {"started_at", "time or null", "When its last attempt started",
       [](const RunLine& line) { return json_of(line.run.started_at); }},
      {"suspended_at", "time or null", "Since when it stands still; its state is running",
       [](const RunLine& line) { return json_of(line.run.suspended_at); }},
      {"stood_ms", "integer", "How long its last attempt stood still before that",
       [](const RunLine& line) { return Json(line.run.stood.count()); }},
      {"displaced", "integer",
       "How many of its attempts gave way to another run or for want of memory; they do not count",
       [](const RunLine& line) { return Json(line.run.displaced); }},
      {"shed", "integer", "How often in a row that was for want of memory",
       [](const RunLine& line) { return Json(line.run.shed); }},
      {"finished_at", "time or null", "When it ended",
       [](const RunLine& line) { return json_of(line.run.finished_at); }, "WHEN",
       [](const RunLine& line, const View& view) { return Cell{when(line.run, view.now)}; }},
      {"resolved_at", "time or null",
       "Of a bad end: when somebody saw to it, or it was made good for",
       [](const RunLine& line) { return json_of(line.run.resolved_at); }},
      {"resolution", "string or null", "What was said of that; a bad end without is a dead letter",
       [](const RunLine& line) { return json_of(line.run.resolution); }},
      {nullptr, "", "", nullptr, "REASON",
       [](const RunLine& line, const View&) {
         return Cell{why(line.run), line.run.late ? Tone::warn : Tone::plain};
       },
       Fit::flexible}};
  return columns;
}

}  // namespace sched::render
