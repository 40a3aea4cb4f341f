#include "render/schema.hpp"

#include "render/attempt_columns.hpp"
#include "render/dead_columns.hpp"
#include "render/edge_columns.hpp"
#include "render/finding_columns.hpp"
#include "render/firing_columns.hpp"
#include "render/guard_columns.hpp"
#include "render/health_columns.hpp"
#include "render/log_columns.hpp"
#include "render/obstacle_columns.hpp"
#include "render/pruned_columns.hpp"
#include "render/queue_columns.hpp"
#include "render/resource_columns.hpp"
#include "render/run_columns.hpp"
#include "render/run_page.hpp"
#include "render/schedule_columns.hpp"
#include "render/status_page.hpp"
#include "render/task_columns.hpp"
#include "render/task_page.hpp"

namespace sched::render {
namespace {

template <typename Row>
SchemaObject object(const char* name, const char* meaning,
                    const std::vector<Column<Row>>& columns) {
  SchemaObject result{name, meaning, {}};
  append_fields(result.fields, columns);
  return result;
}

}  // namespace

const std::vector<SchemaObject>& schema() {
  static const std::vector<SchemaObject> objects = [] {
    SchemaObject run_page = object("shown run", "show RUN: a run and besides", run_columns());
    append_fields(run_page.fields, run_page_columns());
    SchemaObject queue_page =
        object("shown queue", "queue show: a queue and besides", queue_columns());
    append_fields(queue_page.fields, queue_page_columns());
    SchemaObject dead =
        object("dead letter",
               "dead list: an array of these, the latest first; dead show: a run and besides",
               run_columns());
    append_fields(dead.fields, dead_columns());
    return std::vector<SchemaObject>{
        object("task", "list: an array of these, newest first", task_columns()),
        object("run", "runs and wait: an array of these", run_columns()),
        object("shown task", "show TASK", task_page_columns()),
        std::move(run_page),
        object("schedule", "In a shown task", schedule_columns()),
        object("timer", "In a schedule", timer_columns()),
        object("days", "In a schedule", day_columns()),
        object("attempt", "In a shown run", attempt_columns()),
        object("task edge", "In a shown task", task_edge_columns()),
        object("run edge", "In a shown run", run_edge_columns()),
        object("obstacle", "explain: an array of these", obstacle_columns()),
        object("finding", "check: an array of these", finding_columns()),
        object("health", "doctor", health_columns()),
        object("ailment", "In health", ailment_columns()),
        object("queue", "queue list: an array of these, by number", queue_columns()),
        std::move(queue_page),
        object("place", "In a shown queue", place_columns()),
        std::move(dead),
        object("resource", "resource list: an array of these, by name", resource_columns()),
        object("guard", "breaker list: an array of these; in a queue, resource, tag and status",
               guard_columns()),
        object("tag", "tag list: an array of these, by name", tag_columns()),
        object("pruned run", "prune: an array of these", pruned_columns()),
        object("status", "status", status_columns()),
        object("worker", "In status; worker list: an array of these", worker_columns()),
        object("throttle", "In a worker", throttle_columns()),
        object("launcher", "In a worker", launcher_columns()),
        object("counts", "In status", count_columns()),
        object("blocker", "In status", blocker_columns()),
        object("coming", "In status", coming_columns()),
        object("firing", "next: an array of these, the soonest first", firing_columns()),
        object("log", "logs: an array of these", log_columns())};
  }();
  return objects;
}

}  // namespace sched::render
