#include "render/schema.hpp"

#include "render/health_columns.hpp"
#include "render/pruned_columns.hpp"
#include "render/run_page.hpp"
#include "render/status_page.hpp"
#include "render/task_columns.hpp"
#include "render/task_page.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

using namespace sched;

namespace {

const render::SchemaObject& object(const std::string& name) {
  const auto& objects = render::schema();
  const auto found = std::find_if(objects.begin(), objects.end(),
                                  [&](const auto& one) { return one.name == name; });
  REQUIRE(found != objects.end());
  return *found;
}

bool fits(const base::Json& value, const std::string& type) {
  if (type.ends_with(" or null") && value.is_null()) {
    return true;
  }
  const std::string bare = type.substr(0, type.find(" or null"));
  if (bare == "integer") {
    return value.is_number_integer();
  }
  if (bare == "boolean") {
    return value.is_boolean();
  }
  if (bare == "string" || bare == "time") {
    return value.is_string();
  }
  return bare.starts_with("array of ") ? value.is_array() : value.is_object();
}

/// Real output has the keys of the schema, in its order, and values of its types.
void check(const base::Json& json, const std::string& name) {
  CAPTURE(name);
  const auto& fields = object(name).fields;
  REQUIRE(json.is_object());
  REQUIRE(json.size() == fields.size());
  std::size_t i = 0;
  for (const auto& item : json.items()) {
    CAPTURE(item.key());
    CHECK(item.key() == fields[i].key);
    CHECK(fits(item.value(), fields[i].type));
    ++i;
  }
}

model::Run finished_run() {
  model::Run run;
  run.id = model::RunId(17);
  run.state = model::RunState::finished;
  run.outcome = model::Outcome::failed;
  run.exit_code = 3;
  run.reason = "exit 3";
  run.started_at = run.finished_at = run.created_at;
  return run;
}

}  // namespace

TEST_CASE("every key is named once, with a type and a meaning") {
  for (const render::SchemaObject& one : render::schema()) {
    CAPTURE(one.name);
    std::set<std::string> keys;
    for (const render::Field& field : one.fields) {
      CAPTURE(field.key);
      CHECK(keys.insert(field.key).second);
      CHECK_FALSE(std::string(field.type).empty());
      CHECK_FALSE(std::string(field.meaning).empty());
      CHECK_FALSE(std::string(field.meaning).ends_with('.'));
    }
  }
}

TEST_CASE("output is what the schema says, with everything and with nothing in it") {
  render::TaskLine task;
  check(render::to_json(render::task_columns(), task), "task");
  task.run = finished_run();
  check(render::to_json(render::task_columns(), task), "task");
  render::RunPage run;
  check(render::to_json(run), "shown run");
  run.line = {finished_run(), "backup"};
  run.attempts.resize(2);
  run.attempts[1].ending.emplace();
  run.attempts[1].outcome = model::Outcome::failed;
  run.edges.resize(1);
  run.obstacles.resize(1);
  const auto shown = render::to_json(run);
  check(shown, "shown run");
  check(shown["attempts"][0], "attempt");
  check(shown["attempts"][1], "attempt");
  check(shown["edges"][0], "run edge");
  check(shown["obstacles"][0], "obstacle");
  render::TaskPage page;
  check(render::to_json(render::task_page_columns(), page), "shown task");
  page.upstream.resize(1);
  page.runs.resize(1);
  const auto task_json = render::to_json(render::task_page_columns(), page);
  check(task_json["upstream"][0], "task edge");
  check(task_json["runs"][0], "run");
  render::StatusPage status;
  status.workers.resize(1);
  status.workers[0].launchers.resize(1);
  status.blockers.resize(1);
  const auto status_json = render::to_json(render::status_columns(), status);
  check(status_json, "status");
  check(status_json["workers"][0], "worker");
  status.workers[0].throttle.emplace();
  check(render::to_json(render::worker_columns(), status.workers[0])["throttle"], "throttle");
  status.workers[0].throttle->strain.emplace();
  check(render::to_json(render::worker_columns(), status.workers[0])["throttle"], "throttle");
  check(status_json["workers"][0]["launchers"][0], "launcher");
  check(status_json["counts"], "counts");
  check(status_json["blockers"][0], "blocker");
  check(status_json["blockers"][0]["run"], "run");
  render::Health health;
  health.ailments.resize(1);
  const auto health_json = render::to_json(render::health_columns(), health);
  check(health_json, "health");
  check(health_json["ailments"][0], "ailment");
  check(render::to_json(render::pruned_columns(), render::PrunedLine()), "pruned run");
}
