#include "render/dead_columns.hpp"

#include "model/task.hpp"
#include "render/details.hpp"
#include "render/phrase.hpp"
#include "render/safe_text.hpp"
#include "render/width.hpp"

#include <fmt/format.h>

namespace sched::render {
namespace {

using base::Json;

/// For the table alone; its JSON is that of the run and of dead_columns().
const std::vector<Column<DeadLine>>& dead_table() {
  static const std::vector<Column<DeadLine>> columns = {
      {nullptr, "", "", nullptr, "RUN",
       [](const DeadLine& dead, const View&) { return Cell{model::label(dead.line.run.id)}; }},
      {nullptr, "", "", nullptr, "TASK",
       [](const DeadLine& dead, const View&) {
         return Cell{dead.line.task, Tone::strong};
       },
       Fit::flexible},
      {nullptr, "", "", nullptr, "STATE",
       [](const DeadLine& dead, const View&) { return state_cell(dead.line.run); }},
      {nullptr, "", "", nullptr, "WHEN",
       [](const DeadLine& dead, const View& view) { return Cell{when(dead.line.run, view.now)}; }},
      {nullptr, "", "", nullptr, "REASON",
       [](const DeadLine& dead, const View&) { return Cell{why(dead.line.run)}; }, Fit::flexible},
      {nullptr, "", "", nullptr, "LAST OUTPUT",
       [](const DeadLine& dead, const View&) {
         return Cell{dead.output.empty() ? "" : dead.output.back(), Tone::dim};
       },
       Fit::flexible, true},
      {nullptr, "", "", nullptr, "RESOLVED",
       [](const DeadLine& dead, const View&) {
         return Cell{dead.line.run.resolution, Tone::good};
       },
       Fit::flexible, true}};
  return columns;
}

}  // namespace

const std::vector<Column<DeadLine>>& dead_columns() {
  static const std::vector<Column<DeadLine>> columns = {
      {"tries", "integer", "Attempts that its task allows",
       [](const DeadLine& dead) { return Json(dead.tries); }},
      {"output", "array of strings",
       "The last lines that its last attempt wrote, at most ten, each cut after 1000 bytes",
       [](const DeadLine& dead) { return Json(dead.output); }}};
  return columns;
}

base::Json to_json(const DeadLine& dead) {
  base::Json json = to_json(run_columns(), dead.line);
  json.update(to_json(dead_columns(), dead));
  return json;
}

std::string to_table(const std::vector<DeadLine>& dead, const View& view) {
  return to_table(dead_table(), dead, view);
}

std::string to_text(const DeadLine& dead, const View& view) {
  const model::Run& run = dead.line.run;
  const std::string label = model::label(run.id);
  Cell state = state_cell(run);
  state.text += ", " + when(run, view.now);
  std::string text = to_text(
      {{"Run", {fmt::format("{} of {}", label, dead.line.task), Tone::strong}},
       {"State", state},
       {"Reason", {run.reason}},
       {"Attempts",
        {fmt::format("{} of {}", run.attempts - run.spent_attempts - run.displaced, dead.tries)}},
       {"Stands for", {moment(run.nominal_at, view.now)}},
       {"Resolved",
        {run.resolved_at ? moment(*run.resolved_at, view.now) + ": " + run.resolution : "",
         Tone::good}}},
      view.width, view.style);
  text += dead.output.empty() ? "\nIt wrote nothing.\n" : "\nLast output:\n";
  for (const std::string& line : dead.output) {
    text += "  " + fitted(safe(line), view.width - 2) + "\n";
  }
  if (!run.resolved_at) {
    text += "\nWhat may be done:\n" +
            view.style.paint(
                Tone::active,
                fmt::format("  sched dead retry {0}\n  sched dead edit {0} --edit FIELD=VALUE\n"
                            "  sched dead resolve {0} --note TEXT\n  sched dead purge {0}\n",
                            label));
  }
  return text;
}

}  // namespace sched::render
