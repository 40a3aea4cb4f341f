#include "store/timers.hpp"

#include "support/scene.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace sched;
using namespace std::chrono_literals;

namespace {

using Lines = std::vector<std::string>;

struct Clockwork : test::Scene {
  store::Timers& timers = store.timers();

  void timed(const std::string& name, std::optional<time::Instant> next, bool paused = false,
             const std::string& boot = {}) {
    model::Task task = test::task_named(name);
    task.trigger = model::TriggerKind::timed;
    task.at.reset();
    task.schedule.emplace();
    task.schedule->timers = {{model::Timer::Kind::every, "1h"}};
    task.schedule->zone = "UTC";
    task.next_at = next;
    task.paused = paused;
    task.boot_id = boot;
    add(task);
  }
  Lines names(const std::vector<model::TaskId>& ids) {
    Lines found;
    for (const model::TaskId id : ids) {
      found.push_back(store.tasks().label(id));
    }
    return found;
  }
  model::TaskId id(const std::string& name) { return task(name).id; }
  model::RunId fire(const std::string& name) {
    model::Run run;
    run.task = id(name);
    run.trigger = "time";
    run.nominal_at = now();
    run.not_before = now();
    run.created_at = now();
    return store.runs().add(run).value();
  }
};

}  // namespace

TEST_CASE("what is due comes with the longest awaited first, and no paused one") {
  Clockwork all;
  all.timed("later", all.now() + 1ms);
  all.timed("second", all.now());
  all.timed("first", all.now() - 1h);
  all.timed("paused", all.now() - 2h, true);
  all.timed("over", {});
  CHECK(all.names(all.timers.due(all.now(), 10)) == Lines{"first", "second"});
  CHECK(all.names(all.timers.due(all.now(), 1)) == Lines{"first"});
  CHECK(all.names(all.timers.due(all.now() + 1ms, 10)) == Lines{"first", "second", "later"});
  CHECK(all.timers.next() == all.now() - 1h);
  all.timers.set_next(all.id("first"), {}, {});
  all.timers.set_next(all.id("second"), {}, {});
  CHECK(all.timers.next() == all.now() + 1ms);
  all.timers.set_next(all.id("later"), {}, {});
  CHECK(!all.timers.next());
}

TEST_CASE("a next firing and what is left of a count are remembered, or forgotten") {
  Clockwork all;
  all.timed("job", all.now());
  all.timers.set_next(all.id("job"), all.now() + 5min, 3);
  CHECK(all.task("job").next_at == all.now() + 5min);
  CHECK(all.task("job").runs_left == 3);
  all.timers.set_next(all.id("job"), {}, {});
  CHECK(!all.task("job").next_at);
  CHECK(!all.task("job").runs_left);
}

TEST_CASE("a task that is counted from the finish comes up once nothing of it is unfinished") {
  Clockwork all;
  all.timed("job", all.now());
  all.timed("other", all.now());
  const model::RunId run = all.fire("job");
  CHECK(all.timers.ended(10).empty());
  all.timers.await_end(all.id("job"), 4);
  CHECK(all.task("job").awaits_end);
  CHECK(all.task("job").runs_left == 4);
  CHECK(!all.task("job").next_at);
  CHECK(all.timers.ended(10).empty());
  CHECK(all.store.runs().hold(run));
  CHECK(all.timers.ended(10).empty());
  CHECK(all.store.runs().finish_unstarted(run, model::Outcome::cancelled, "by hand", all.now()));
  CHECK(all.names(all.timers.ended(10)) == Lines{"job"});
  all.timers.set_next(all.id("job"), all.now() + 1h, 4);
  CHECK(all.timers.ended(10).empty());
  CHECK(!all.task("job").awaits_end);
}

TEST_CASE("what has not fired in this boot is known by its boot") {
  Clockwork all;
  all.timed("old", {}, false, "boot 1");
  all.timed("done", {}, false, "boot 2");
  all.timed("paused", {}, true, "boot 1");
  all.timed("no boot", all.now());
  CHECK(all.names(all.timers.not_fired_in("boot 2", -1)) == Lines{"old"});
  all.timers.set_boot(all.id("old"), "boot 2");
  CHECK(all.timers.not_fired_in("boot 2", -1).empty());
  CHECK(all.names(all.timers.not_fired_in("boot 3", -1)) == Lines{"old", "done"});
}
