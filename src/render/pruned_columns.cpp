#include "render/pruned_columns.hpp"

#include "model/run.hpp"
#include "model/task.hpp"
#include "render/json.hpp"
#include "render/phrase.hpp"

namespace sched::render {

using base::Json;

const std::vector<Column<PrunedLine>>& pruned_columns() {
  static const std::vector<Column<PrunedLine>> columns = {
      {"run_id", "integer", "The run", [](const PrunedLine& line) { return Json(line.run.value); },
       "RUN", [](const PrunedLine& line, const View&) { return Cell{model::label(line.run)}; }},
      {"task", "string", "The task's name, or `task-ID`",
       [](const PrunedLine& line) { return Json(line.task); }, "TASK",
       [](const PrunedLine& line, const View&) {
         return Cell{line.task, Tone::strong};
       },
       Fit::flexible},
      {"outcome", "string", "How it ended",
       [](const PrunedLine& line) { return Json(model::to_string(line.outcome)); }, "STATE",
       [](const PrunedLine& line, const View&) { return Cell{model::to_string(line.outcome)}; }},
      {"finished_at", "time", "When it ended",
       [](const PrunedLine& line) { return json_of(line.finished_at); }, "WHEN",
       [](const PrunedLine& line, const View& view) {
         return Cell{relative(line.finished_at, view.now)};
       }},
      {"log_bytes", "integer", "What its logs take",
       [](const PrunedLine& line) { return Json(line.log_bytes); }, "LOGS",
       [](const PrunedLine& line, const View&) { return Cell{size(line.log_bytes)}; }, Fit::number},
      {"task_removed", "boolean", "Whether its task goes with it",
       [](const PrunedLine& line) { return Json(line.with_task); }, "TASK TOO",
       [](const PrunedLine& line, const View&) { return Cell{line.with_task ? "yes" : ""}; }}};
  return columns;
}

}  // namespace sched::render
