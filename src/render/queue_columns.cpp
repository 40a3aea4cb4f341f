#include "render/queue_columns.hpp"

#include "model/task.hpp"
#include "render/json.hpp"
#include "render/phrase.hpp"
#include "time/duration.hpp"

#include <fmt/format.h>

namespace sched::render {
namespace {

using base::Json;

Cell state_of(const QueueLine& line, const View&) {
  return {model::to_string(line.queue.state),
          line.queue.state == model::QueueState::open ? Tone::plain : Tone::warn};
}

/// "2 of 4", or "2" where there is no limit.
Cell running_of(const QueueLine& line, const View&) {
  const int slots = line.queue.slots;
  const std::int64_t running = line.running - line.suspended;
  std::string text =
      slots == 0 ? fmt::format("{}", running) : fmt::format("{} of {}", running, slots);
  if (line.suspended > 0) {
    text += fmt::format(", {} suspended", line.suspended);
  }
  return {text, slots > 0 && running >= slots ? Tone::active : Tone::plain};
}

Json fair_json(const QueueLine& line) {
  if (!line.queue.policy.fair) {
    return nullptr;
  }
  const model::FairShares& fair = line.queue.fair;
  return Json{{"by", model::to_string(fair.by)},
              {"half_life_ms", fair.half_life.count()},
              {"shares", fair.weights}};
}

Json defaults_json(const QueueLine& line) {
  Json json = Json::object();
  for (const auto& [field, value] : line.queue.defaults) {
    json[field] = value;
  }
  return json;
}

}  // namespace

const std::vector<Column<QueueLine>>& queue_columns() {
  using Q = QueueLine;
  static const std::vector<Column<Q>> columns = {
      {"name", "string", "Its name", [](const Q& q) { return Json(q.queue.name); }, "NAME",
       [](const Q& q, const View&) {
         return Cell{q.queue.name, Tone::strong};
       },
       Fit::flexible},
      {"state", "string",
       "open, paused (nothing of it starts) or draining (it takes no further tasks)",
       [](const Q& q) { return Json(model::to_string(q.queue.state)); }, "STATE", state_of},
      {"slots", "integer", "How many of its runs run at a time; 0 is any number",
       [](const Q& q) { return Json(q.queue.slots); }},
      {"running", "integer", "How many of its runs run, those that are suspended not counted",
       [](const Q& q) { return Json(q.running - q.suspended); }, "RUNNING", running_of},
      {"suspended", "integer", "How many of its runs stand still and will go on",
       [](const Q& q) { return Json(q.suspended); }},
      {"queued", "integer", "How many of its runs wait for their turn",
       [](const Q& q) { return Json(q.queued); }, "QUEUED",
       [](const Q& q, const View&) { return Cell{fmt::format("{}", q.queued)}; }, Fit::number},
      {"tasks", "integer", "How many tasks are of this queue",
       [](const Q& q) { return Json(q.tasks); }, "TASKS",
       [](const Q& q, const View&) { return Cell{fmt::format("{}", q.tasks)}; }, Fit::number},
      {"weight", "integer", "Its share beside other queues that have runs queued",
       [](const Q& q) { return Json(q.queue.weight); }, "WEIGHT",
       [](const Q& q, const View&) { return Cell{fmt::format("{}", q.queue.weight)}; },
       Fit::number},
      {"guaranteed", "integer", "So many of its runs go before those of others",
       [](const Q& q) { return Json(q.queue.guaranteed); }},
      {"policy", "string", "Its order, as --policy takes it",
       [](const Q& q) { return Json(model::to_string(q.queue.policy)); }, "POLICY",
       [](const Q& q, const View&) { return Cell{model::to_string(q.queue.policy)}; },
       Fit::flexible},
      {"slice_ms", "integer or null", "With `round-robin`: how long a turn is",
       [](const Q& q) {
         return q.queue.policy.round_robin ? Json(q.queue.slice.count()) : Json(nullptr);
       }},
      {"preempt", "string",
       "What its runs do to those that give way to them: none, requeue or suspend",
       [](const Q& q) { return Json(model::to_string(q.queue.preempt)); }},
      {"guard", "guard or null", "Its rate and breaker",
       [](const Q& q) { return guard_json(q.guard); }, "GUARD",
       [](const Q& q, const View&) { return guard_cell(q.guard); }, Fit::flexible, true},
      {"ageing_ms", "integer or null",
       "What a point of priority counts for in waiting; null: no waiting makes up for it",
       [](const Q& q) { return q.queue.ageing ? Json(q.queue.ageing->count()) : Json(nullptr); }},
      {"backfill", "string", "What may go before its first run, as --backfill takes it",
       [](const Q& q) { return Json(q.queue.eager_backfill ? "eager" : "estimates"); }},
      {"fair", "object or null", "With `fair` in its policy: by, half_life_ms, and shares by name",
       fair_json},
      {"defaults", "object of strings", "What its new tasks get, by the option of `add`",
       defaults_json},
      {"created_at", "time or null", "When it was made; null: with the store", [](const Q& q) {
         return time::to_ms(q.queue.created_at) == 0 ? Json(nullptr) : json_of(q.queue.created_at);
       }}};
  return columns;
}

const std::vector<Column<PlaceLine>>& place_columns() {
  using P = PlaceLine;
  static const std::vector<Column<P>> columns = {
      {"place", "integer", "1 goes next; 0 of what runs or is suspended",
       [](const P& p) { return Json(p.place); }, "PLACE",
       [](const P& p, const View&) {
         return p.line.run.suspended_at ? Cell{"still", Tone::warn}
                : p.place == 0          ? Cell{"runs", Tone::active}
                                        : Cell{fmt::format("{}", p.place)};
       },
       Fit::number},
      {"run_id", "integer", "The run", [](const P& p) { return Json(p.line.run.id.value); }, "RUN",
       [](const P& p, const View&) { return Cell{model::label(p.line.run.id)}; }},
      {"task", "string", "The task's name, or `task-ID`",
       [](const P& p) { return Json(p.line.task); }, "TASK",
       [](const P& p, const View&) {
         return Cell{p.line.task, Tone::strong};
       },
       Fit::flexible},
      {"priority", "integer", "Higher goes first",
       [](const P& p) { return Json(p.line.run.priority); }, "PRIORITY",
       [](const P& p, const View&) { return Cell{fmt::format("{}", p.line.run.priority)}; },
       Fit::number},
      {"since", "time or null", "From when it waits, runs, or is suspended",
       [](const P& p) { return json_of(p.since); }, "SINCE",
       [](const P& p, const View& view) {
         return Cell{p.since ? relative(*p.since, view.now) : ""};
       }}};
  return columns;
}

const std::vector<Column<QueuePage>>& queue_page_columns() {
  using P = QueuePage;
  static const std::vector<Column<P>> columns = {
      {"runs", "array of places", "At most 100 that run, the oldest first",
       [](const P& p) { return to_json_array(place_columns(), p.running); }},
      {"next", "array of places", "At most 100 that are queued, in the order in which they go",
       [](const P& p) { return to_json_array(place_columns(), p.next); }}};
  return columns;
}

base::Json to_json(const QueuePage& page) {
  Json json = to_json(queue_columns(), page.line);
  json.update(to_json(queue_page_columns(), page));
  return json;
}

}  // namespace sched::render
