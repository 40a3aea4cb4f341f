// The JSON form of what goes on.
#include "render/json.hpp"
#include "render/status_page.hpp"

namespace sched::render {

using base::Json;

const std::vector<Column<StatusCounts>>& count_columns() {
  static const std::vector<Column<StatusCounts>> columns = {
      {"tasks", "integer", "Tasks", [](const StatusCounts& c) { return Json(c.tasks); }},
      {"waiting", "integer", "Runs that wait",
       [](const StatusCounts& c) { return Json(c.waiting); }},
      {"queued", "integer", "Runs that may start",
       [](const StatusCounts& c) { return Json(c.queued); }},
      {"running", "integer", "Runs in progress",
       [](const StatusCounts& c) { return Json(c.running); }},
      {"held", "integer", "Runs that a person holds",
       [](const StatusCounts& c) { return Json(c.held); }},
      {"succeeded", "integer", "Runs that succeeded",
       [](const StatusCounts& c) { return Json(c.succeeded); }},
      {"failed", "integer", "Runs that failed, timed out or were lost",
       [](const StatusCounts& c) { return Json(c.failed); }},
      {"dead", "integer", "Those of the failed ones that nobody has seen to",
       [](const StatusCounts& c) { return Json(c.dead); }},
      {"other", "integer", "Runs that were cancelled, skipped or missed",
       [](const StatusCounts& c) { return Json(c.other); }}};
  return columns;
}

const std::vector<Column<BlockerLine>>& blocker_columns() {
  static const std::vector<Column<BlockerLine>> columns = {
      {"run", "run", "The run that others come after, and that itself comes after none",
       [](const BlockerLine& b) { return to_json(run_columns(), b.blocker); }},
      {"waiting", "integer", "How many come directly after it",
       [](const BlockerLine& b) { return Json(b.waiting); }},
      {"example", "string", "The task of one of them",
       [](const BlockerLine& b) { return Json(b.example); }}};
  return columns;
}

const std::vector<Column<ComingLine>>& coming_columns() {
  static const std::vector<Column<ComingLine>> columns = {
      {"id", "integer", "The task's number", [](const ComingLine& c) { return Json(c.id.value); }},
      {"task", "string", "Its name, or `task-ID`",
       [](const ComingLine& c) { return Json(c.task); }},
      {"next_at", "time", "When it fires next",
       [](const ComingLine& c) { return json_of(c.next_at); }}};
  return columns;
}

const std::vector<Column<StatusPage>>& status_columns() {
  using P = StatusPage;
  static const std::vector<Column<StatusPage>> columns = {
      {"workers", "array of workers", "Those that live",
       [](const P& p) { return to_json_array(worker_columns(), p.workers); }},
      {"counts", "counts", "How many there are of everything",
       [](const P& p) { return to_json(count_columns(), p.counts); }},
      {"running", "array of runs", "At most 100, oldest first",
       [](const P& p) { return to_json_array(run_columns(), p.running); }},
      {"queued", "array of runs", "At most 100, in the order in which they go",
       [](const P& p) { return to_json_array(run_columns(), p.queued); }},
      {"held", "array of runs", "At most 100, oldest first",
       [](const P& p) { return to_json_array(run_columns(), p.held); }},
      {"due", "array of runs", "The next 100 whose moment or next attempt comes",
       [](const P& p) { return to_json_array(run_columns(), p.due); }},
      {"blockers", "array of blockers", "The 100 runs that most others come after",
       [](const P& p) { return to_json_array(blocker_columns(), p.blockers); }},
      {"guards", "array of guards",
       "Those that hold runs back: no token left, or a breaker not closed",
       [](const P& p) { return to_json_array(guard_columns(), p.guards); }},
      {"dead", "array of runs", "The last 100 dead letters, latest first",
       [](const P& p) { return to_json_array(run_columns(), p.dead); }},
      {"coming", "array of coming", "The next 100 firings of schedules",
       [](const P& p) { return to_json_array(coming_columns(), p.coming); }}};
  return columns;
}

}  // namespace sched::render
