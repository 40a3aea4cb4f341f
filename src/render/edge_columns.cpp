#include "render/edge_columns.hpp"

#include "base/text.hpp"
#include "model/task.hpp"
#include "render/json.hpp"

#include <fmt/format.h>

namespace sched::render {
namespace {

using base::Json;

Cell verdict_cell(const RunEdge& edge, const View&) {
  const Tone tone = edge.verdict == "satisfied" ? Tone::good
                    : edge.verdict == "refused" ? Tone::bad
                                                : Tone::plain;
  return {edge.verdict, tone};
}

Cell standing_cell(const RunEdge& edge, const View&) {
  if (!edge.run) {
    return {"no run yet"};
  }
  std::string text = edge.outcome ? model::to_string(*edge.outcome)
                     : edge.state ? model::to_string(*edge.state)
                                  : "";
  if (edge.outcome && edge.exit_code.value_or(0) != 0) {
    text += fmt::format(" (exit {})", *edge.exit_code);
  }
  return {text};
}

}  // namespace

std::string handlers_text(const std::vector<HandlerEdge>& handlers, model::HandlerKind kind) {
  std::vector<std::string> labels;
  for (const HandlerEdge& handler : handlers) {
    if (handler.kind == kind) {
      labels.push_back(handler.label);
    }
  }
  return base::join(labels, ", ");
}

std::vector<std::string> handled_words(const std::vector<HandlerEdge>& handled) {
  std::vector<std::string> words;
  for (const HandlerEdge& edge : handled) {
    words.push_back(edge.label + ":" + model::to_string(edge.kind));
  }
  return words;
}

const std::vector<Column<TaskEdge>>& task_edge_columns() {
  static const std::vector<Column<TaskEdge>> columns = {
      {"task_id", "integer", "The task at the other end",
       [](const TaskEdge& edge) { return Json(edge.task.value); }},
      {"task", "string", "Its name, or `task-ID`",
       [](const TaskEdge& edge) { return Json(edge.label); }, "TASK",
       [](const TaskEdge& edge, const View&) { return Cell{edge.label}; }, Fit::flexible},
      {"condition", "string",
       "How the upstream has to end: success, failure, done, skipped, exit=N",
       [](const TaskEdge& edge) { return Json(model::to_string(edge.condition)); }, "CONDITION",
       [](const TaskEdge& edge, const View&) { return Cell{model::to_string(edge.condition)}; }}};
  return columns;
}

const std::vector<Column<RunEdge>>& run_edge_columns() {
  static const std::vector<Column<RunEdge>> columns = {
      {"task_id", "integer", "The task that it comes after",
       [](const RunEdge& edge) { return Json(edge.edge.task.value); }},
      {"task", "string", "Its name, or `task-ID`",
       [](const RunEdge& edge) { return Json(edge.edge.label); }, "AFTER",
       [](const RunEdge& edge, const View&) {
         return Cell{edge.edge.label, Tone::strong};
       },
       Fit::flexible},
      {"condition", "string", "How that has to end: success, failure, done, skipped, exit=N",
       [](const RunEdge& edge) { return Json(model::to_string(edge.edge.condition)); }, "CONDITION",
       [](const RunEdge& edge, const View&) {
         return Cell{model::to_string(edge.edge.condition)};
       }},
      {"run_id", "integer or null", "The run that is meant; null while there is none",
       [](const RunEdge& edge) { return edge.run ? Json(edge.run->value) : Json(nullptr); }, "RUN",
       [](const RunEdge& edge, const View&) {
         return Cell{edge.run ? model::label(*edge.run) : ""};
       }},
      {"state", "string or null", "Of that run",
       [](const RunEdge& edge) {
         return edge.state ? Json(model::to_string(*edge.state)) : Json(nullptr);
       },
       "STANDS", standing_cell},
      {"outcome", "string or null", "Of that run, when it has ended",
       [](const RunEdge& edge) {
         return edge.outcome ? Json(model::to_string(*edge.outcome)) : Json(nullptr);
       }},
      {"exit_code", "integer or null", "Of that run, when it exited by itself",
       [](const RunEdge& edge) { return json_of(edge.exit_code); }},
      {"verdict", "string", "open, satisfied or refused",
       [](const RunEdge& edge) { return Json(edge.verdict); }, "EDGE", verdict_cell}};
  return columns;
}

}  // namespace sched::render
