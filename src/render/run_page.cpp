#include "render/run_page.hpp"

#include "render/command_text.hpp"
#include "render/details.hpp"
#include "render/phrase.hpp"

#include <fmt/format.h>

namespace sched::render {
namespace {

using base::Json;

Cell state_text(const RunPage& page, time::Instant now) {
  Cell cell = state_cell(page.line.run);
  if (const std::string since = when(page.line.run, now); !since.empty()) {
    cell.text += ", " + since;
  }
  return cell;
}

std::string moment_text(const std::optional<time::Instant>& at, time::Instant now) {
  return at ? moment(*at, now) : "";
}

std::string tries_text(const RunPage& page) {
  const model::Run& run = page.line.run;
  if (run.attempts == 0) {
    return "";
  }
  const std::string before =
      run.spent_attempts > 0 ? fmt::format(", after {} before a retry by hand", run.spent_attempts)
                             : "";
  return fmt::format("{} of {}{}{}", run.attempts - run.spent_attempts - run.displaced, page.tries,
                     run.displaced > 0 ? fmt::format(", beside {} displaced", run.displaced) : "",
                     before);
}

std::string cause_text(const std::optional<model::Cause>& cause) {
  if (!cause) {
    return "";
  }
  return fmt::format(
      "{} {} of {}, {}: {}", cause->kind == model::HandlerKind::fallback ? "in place of" : "for",
      model::label(cause->run), cause->task, model::to_string(cause->outcome), cause->reason);
}

/// "run-18 of notify (failure): succeeded".
std::string followers_text(const std::vector<RunLine>& followers) {
  std::string text;
  for (const RunLine& line : followers) {
    const auto kind = model::kind_in_trigger(line.run.trigger);
    text += fmt::format("{}{} of {} ({}): {}", text.empty() ? "" : "; ", model::label(line.run.id),
                        line.task, kind ? model::to_string(*kind) : "", state_cell(line.run).text);
  }
  return text;
}

base::Json cause_json(const std::optional<model::Cause>& cause) {
  if (!cause) {
    return nullptr;
  }
  return {{"kind", model::to_string(cause->kind)},
          {"run_id", cause->run.value},
          {"task", cause->task},
          {"outcome", model::to_string(cause->outcome)},
          {"reason", cause->reason}};
}

/// A bad end that nobody has seen to says so.
std::string resolution_text(const model::Run& run, time::Instant now) {
  if (model::is_dead(run)) {
    return "not yet: sched dead show " + model::label(run.id);
  }
  return run.resolved_at ? moment(*run.resolved_at, now) + ": " + run.resolution : "";
}

std::string stood_text(const model::Run& run, time::Instant now) {
  const time::Duration stood =
      run.stood + (run.suspended_at ? now - *run.suspended_at : time::Duration());
  return stood.count() > 0 ? "for " + span(stood) + " in all" : "";
}

std::vector<Detail> details_of(const RunPage& page, time::Instant now) {
  const model::Run& run = page.line.run;
  return {
      {"Run", {fmt::format("{} of {}", model::label(run.id), page.line.task), Tone::strong}},
      {"State", state_text(page, now)},
      {"Reason", {run.reason}},
      {"Command", {command_text(page.command)}},
      {"Stands for", {moment(run.nominal_at, now)}},
      {"Fired by", {run.trigger}},
      {"Runs", {cause_text(page.cause)}},
      {"Flow", {run.flow ? model::label(run.flow) : ""}},
      {"Priority", {run.priority == 0 ? "" : fmt::format("{}", run.priority)}},
      {"Deadline",
       {moment_text(run.deadlines.soft, now) + (run.late ? ": it is late" : ""),
        run.late ? Tone::warn : Tone::plain}},
      {"Hard deadline", {moment_text(run.deadlines.hard, now)}},
      {"Due", {moment_text(run.due_at, now)}},
      {"Attempts", {tries_text(page)}},
      {"Written", {moment(run.created_at, now)}},
      {"Started", {moment_text(run.started_at, now)}},
      {"Stood still", {stood_text(run, now)}},
      {"Finished", {moment_text(run.finished_at, now)}},
      {"Followed by", {followers_text(page.followers)}},
      {"Resolved", {resolution_text(run, now)}},
      {"Cancelling", {run.cancel_requested ? "asked for" : "", Tone::warn}},
  };
}

}  // namespace

const std::vector<Column<RunPage>>& run_page_columns() {
  static const std::vector<Column<RunPage>> columns = {
      {"command", "array of strings", "The task's command, as in a task",
       [](const RunPage& page) { return command_json(page.command); }},
      {"attempts", "array of attempts", "All of them, oldest first",
       [](const RunPage& page) { return to_json_array(attempt_columns(), page.attempts); }},
      {"edges", "array of run edges", "What it comes after",
       [](const RunPage& page) { return to_json_array(run_edge_columns(), page.edges); }},
      {"cause", "object or null",
       "The end for which a handler runs: kind (failure, success or fallback), run_id, task, "
       "outcome, reason; null for other runs",
       [](const RunPage& page) { return cause_json(page.cause); }},
      {"followers", "array of runs", "Those of handlers for its own ends, oldest first",
       [](const RunPage& page) { return to_json_array(run_columns(), page.followers); }},
      {"obstacles", "array of obstacles", "Why it does not run; empty when it runs or is over",
       [](const RunPage& page) { return to_json_array(obstacle_columns(), page.obstacles); }}};
  return columns;
}

base::Json to_json(const RunPage& page) {
  base::Json json = to_json(run_columns(), page.line);
  json.update(to_json(run_page_columns(), page));
  return json;
}

std::string to_text(const RunPage& page, const View& view) {
  std::string text = to_text(details_of(page, view.now), view.width, view.style);
  if (!page.edges.empty()) {
    text += "\n" + to_table(run_edge_columns(), page.edges, view);
  }
  if (!page.attempts.empty()) {
    text += "\n" + to_table(attempt_columns(), page.attempts, view);
  }
  if (!page.obstacles.empty()) {
    text += "\nWhat it waits for:\n" + to_text(page.obstacles, view);
  }
  return text;
}

}  // namespace sched::render
