#include "render/status_page.hpp"

#include "base/text.hpp"
#include "render/json.hpp"
#include "render/width.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace sched;
using namespace std::chrono_literals;

namespace {

const time::Instant k_now = time::from_ms(1'800'000'000'000);

std::vector<render::RunLine> many(model::RunState state, int number) {
  std::vector<render::RunLine> lines;
  for (int i = 0; i < number; ++i) {
    render::RunLine line;
    line.run.id = model::RunId(10'000 + i);
    line.run.state = state;
    line.run.created_at = line.run.not_before = k_now - 1min;
    if (state == model::RunState::waiting) {
      line.run.due_at = k_now + 5min;
    } else if (state == model::RunState::running) {
      line.run.started_at = k_now - 80s;
      line.run.attempts = 2;
    } else if (state == model::RunState::finished) {
      line.run.outcome = model::Outcome::failed;
      line.run.finished_at = k_now - 3min;
      line.run.reason = "a reason as long as reasons can get, with \x1b[31mcolours\x1b[0m in it";
    }
    line.task = "a-task-with-a-name-that-takes-much-room-on-the-screen/" + std::to_string(i);
    lines.push_back(line);
  }
  return lines;
}

}  // namespace

TEST_CASE("what goes on stays on one screen, however much it is") {
  for (const int number : {1, 2, 5, 100}) {
    CAPTURE(number);
    render::StatusPage page;
    page.workers.resize(20);
    for (render::WorkerLine& worker : page.workers) {
      worker.throttle = {
          {1, 4096}, 1000, model::Strain{model::StrainKind::memory, 43, 30}, true, k_now - 5min};
    }
    page.counts = {10'000, 9'950, number, number, number, 100'000, number, number, 7};
    page.running = many(model::RunState::running, number);
    page.queued = many(model::RunState::queued, number);
    page.held = many(model::RunState::held, number);
    page.due = many(model::RunState::waiting, number);
    for (const render::RunLine& line : page.running) {
      page.blockers.push_back({line, 4'000, "another-task-with-quite-a-long-name"});
    }
    page.dead = many(model::RunState::finished, number);
    const std::string text = render::to_text(page, {k_now, 80, render::Style(false)});
    CAPTURE(text);
    const auto lines = base::split(text, '\n');
    CHECK(lines.size() <= 24);  // The last one is empty: where the prompt stands.
    for (const std::string& line : lines) {
      CHECK(render::columns(line) <= 80);
      CHECK_FALSE(line.ends_with(' '));
    }
    const std::string narrow = render::to_text(page, {k_now, 60, render::Style(false)});
    for (const std::string& line : base::split(narrow, '\n')) {
      CHECK(render::columns(line) <= 60);
    }
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find("Running") != std::string::npos);
    CHECK(text.find("for 1m 20s") != std::string::npos);
    CHECK(text.find("sched release run-10000") != std::string::npos);
    CHECK(text.find("sched dead ") != std::string::npos);
  }
}

TEST_CASE("a worker that the machine slows down says so, and by how much") {
  render::StatusPage page;
  page.workers.resize(1);
  page.workers[0].slots = 3;
  page.workers[0].throttle = {
      {1, 8}, 3, model::Strain{model::StrainKind::cpu, 62, 60}, false, k_now - 90s};
  const auto text = [&] { return render::to_text(page, {k_now, 80, render::Style(false)}); };
  CHECK(text().find("\n3 of 1..8 slots, cpu pressure 62%, above 60%, for 1m 30s\n") !=
        std::string::npos);
  page.workers[0].throttle->stopped = true;
  CHECK(text().find("\nnothing starts: 3 of 1..8 slots, cpu") != std::string::npos);
  CHECK(text().find("shed") == std::string::npos);
  page.workers[0].throttle->shed_runs = 2;
  page.workers[0].throttle->shed_last = model::RunId(17);
  CHECK(text().find(", for 1m 30s; 2\nshed, last run-17\n") != std::string::npos);
  page.workers[0].throttle->none_to_shed = true;
  CHECK(text().find("last run-17; no run may be ended for it\n") != std::string::npos);
  page.workers[0].throttle->strain.reset();
  CHECK(text().find("1..8") == std::string::npos);
}

TEST_CASE("an empty store says so in two lines") {
  CHECK(render::to_text(render::StatusPage{}, {k_now, 80, render::Style(false)}) ==
        "No worker; 0 tasks\nnothing has run yet\n");
}

TEST_CASE("a launcher that only begins has no pid, for whoever signals 0 means himself") {
  render::WorkerLine worker;
  worker.launchers = {{model::LauncherId(7), 0, true}, {model::LauncherId(8), 123, true}};
  const auto json = render::to_json(render::worker_columns(), worker)["launchers"];
  CHECK(json[0]["pid"].is_null());
  CHECK(json[1]["pid"] == 123);
}
