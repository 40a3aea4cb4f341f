#include "worker/timed.hpp"

#include "unit/worker/timed_at_hand.hpp"

#include <algorithm>

using namespace sched;
using namespace std::chrono_literals;
using namespace sched::test;
using model::Overlap;

TEST_CASE("each firing gets a run with its moment, and the next is known") {
  TimedShop shop;
  shop.every("job", "1m");
  shop.step();
  CHECK(shop.rows("job").empty());
  CHECK(shop.worker.next_moment() == shop.now() + 1min);
  for (int i = 0; i < 3; ++i) {
    shop.pass(1min);
    shop.end("job");
    shop.step();
  }
  CHECK(shop.rows("job") == Lines{"08:01 finished: succeeded", "08:02 finished: succeeded",
                                  "08:03 finished: succeeded"});
  CHECK(shop.runs("job")[0].trigger == "time");
  CHECK(shop.task("job").next_at == shop.now() + 1min);
  CHECK(shop.worker.is_idle(shop.now()));
}

TEST_CASE("a worker that looks late still fires for the moment that was meant") {
  TimedShop shop;
  shop.every("job", "1m");
  shop.step();
  shop.pass(1min + 20s);
  CHECK(shop.rows("job") == Lines{"08:01 running"});
  const auto& environment = shop.executor.started.at(0).environment;
  CHECK(std::count(environment.begin(), environment.end(),
                   "SCHED_NOMINAL_TIME=2027-01-15T08:01:00Z") == 1);
}

TEST_CASE("what a count allows is run, and no more; a firing that is skipped uses up none") {
  TimedShop shop;
  shop.every("job", "1m", [](model::Schedule& schedule) { schedule.count = 2; });
  shop.step();
  shop.pass(1min);
  shop.pass(1min);
  CHECK(shop.rows("job") == Lines{"08:01 running", "08:02 finished: skipped"});
  CHECK(shop.task("job").runs_left == 1);
  shop.end_run(shop.running("job"));
  shop.pass(1min);
  CHECK(shop.task("job").runs_left == 0);
  CHECK(!shop.task("job").next_at);
  shop.end_run(shop.running("job"));
  shop.pass(1min);
  CHECK(shop.rows("job") ==
        Lines{"08:01 finished: succeeded", "08:02 finished: skipped", "08:03 finished: succeeded"});
  CHECK(!shop.worker.next_moment());
}

TEST_CASE("a paused task fires nothing, and one row says what it missed") {
  TimedShop shop;
  shop.every("job", "1m", [](model::Schedule& schedule) {
    schedule.catch_up = {model::CatchUp::Kind::all, 0};
  });
  shop.step();
  shop.pause("job", true);
  CHECK(!shop.worker.next_moment());
  shop.pass(5min + 30s);
  CHECK(shop.rows("job").empty());
  shop.pause("job", false);
  CHECK(shop.rows("job") == Lines{"08:05 finished: missed x5"});
  CHECK(shop.run("job").reason == "5 firings since 2027-01-15 08:01:00: the task was paused");
  shop.pass(30s);
  CHECK(shop.rows("job") == Lines{"08:05 finished: missed x5", "08:06 running"});
  shop.pause("job", true);
  shop.pause("job", false);
  CHECK(shop.runs("job").size() == 2);
}

TEST_CASE("an interval from the finish waits for the end, however it comes") {
  for (const bool cancelled : {false, true}) {
    CAPTURE(cancelled);
    TimedShop shop;
    shop.every("job", "10m", [](model::Schedule& schedule) { schedule.from_finish = true; });
    shop.step();
    shop.pass(10min);
    CHECK(shop.rows("job") == Lines{"08:10 running"});
    shop.pass(3h);
    CHECK(shop.runs("job").size() == 1);
    CHECK(!shop.worker.next_moment());
    shop.end("job", cancelled ? caused(model::Ending::Cause::cancelled) : exited(0));
    shop.step();
    CHECK(shop.task("job").next_at == shop.now() + 10min);
    shop.pass(10min);
    CHECK(shop.rows("job").back() == "11:20 running");
  }
}

TEST_CASE("an interval from the finish has one firing at a time to miss or to make up for") {
  struct Row {
    const char* catch_up;
    const char* expected;
  };
  for (const Row& row : {Row{"none", "08:10 finished: missed"}, Row{"last", "08:10 running"},
                         Row{"all", "08:10 running"}}) {
    CAPTURE(std::string(row.catch_up));
    TimedShop shop;
    shop.every("job", "10m", [&](model::Schedule& schedule) {
      schedule.from_finish = true;
      schedule.catch_up = model::parse_catch_up(row.catch_up).value();
    });
    shop.clock.pass(2h);
    shop.step();
    shop.step();
    CHECK(shop.rows("job") == Lines{row.expected});
    if (std::string(row.catch_up) == "none") {
      CHECK(shop.task("job").next_at == shop.now() + 10min);
    }
  }
  TimedShop paused;
  paused.every("job", "10m", [](model::Schedule& schedule) { schedule.from_finish = true; });
  paused.step();
  paused.pause("job", true);
  paused.pass(2h);
  paused.pause("job", false);
  paused.step();
  CHECK(paused.rows("job") == Lines{"08:10 finished: missed"});
  CHECK(paused.task("job").next_at == paused.now() + 10min);
}

TEST_CASE("@reboot fires once a boot, within what bounds the schedule") {
  TimedShop shop;
  shop.every("job", "1d", [](model::Schedule& schedule) {
    schedule.timers = {{model::Timer::Kind::cron, "@reboot"}};
    schedule.count = 2;
  });
  shop.every("later", "1d", [&](model::Schedule& schedule) {
    schedule.timers = {{model::Timer::Kind::cron, "@reboot"}};
    schedule.not_before = shop.now() + 1h;
  });
  shop.every("not today", "1d", [](model::Schedule& schedule) {
    schedule.timers = {{model::Timer::Kind::cron, "@reboot"}};
    schedule.except.expressions = {"2027-01-15"};
  });
  const auto boot = [&](const char* id) {
    shop.pass(1min);
    shop.boot(id);
    shop.step();
    for (const store::RunningRun& run : shop.store.runs().running()) {
      shop.executor.end(run.claim, exited(0));
    }
    shop.step();
  };
  boot("boot 1");
  CHECK(shop.runs("job").empty());
  boot("boot 2");
  boot("boot 2");
  CHECK(shop.rows("job") == Lines{"08:02 finished: succeeded"});
  CHECK(shop.runs("job")[0].trigger == "boot");
  boot("boot 3");
  boot("boot 4");  // Its two runs are used up.
  CHECK(shop.runs("job").size() == 2);
  CHECK(shop.runs("later").empty());
  shop.clock.pass(1h);
  boot("boot 5");
  CHECK(shop.runs("later").size() == 1);
  CHECK(shop.runs("not today").empty());
  shop.clock.pass(24h);
  boot("boot 6");
  CHECK(shop.runs("not today").size() == 1);
}

TEST_CASE("two workers on one store fire each moment once") {
  TimedShop shop;
  Colleague colleague(shop);
  shop.every("job", "1m", overlap(Overlap::allow));
  shop.step();
  colleague.worker.step(shop.now());
  for (int i = 0; i < 3; ++i) {
    shop.pass(1min);
    colleague.worker.step(shop.now());
  }
  CHECK(shop.runs("job").size() == 3);
  CHECK(shop.executor.started.size() + colleague.executor.started.size() == 3);
}

TEST_CASE("every firing of a timed root has a flow of its own below it") {
  TimedShop shop(4);
  shop.every("root", "1m");
  shop.below("left", {"root"});
  shop.below("last", {"left"});
  shop.step();
  for (int i = 0; i < 2; ++i) {
    shop.pass(1min);
    shop.end("root");
    shop.step();
    shop.end("left");
    shop.step();
    shop.end("last");
    shop.step();
  }
  for (const char* name : {"root", "left", "last"}) {
    const auto runs = shop.runs(name);
    REQUIRE(runs.size() == 2);
    CHECK(runs[0].outcome == model::Outcome::succeeded);
    CHECK(runs[0].flow == shop.runs("root")[0].id);
    CHECK(runs[1].flow == shop.runs("root")[1].id);
  }
}

TEST_CASE("a schedule that can't be read any more stops neither the worker nor the others") {
  TimedShop shop;
  shop.every("gone", "1m");
  shop.every("job", "1m");
  model::Task gone = shop.task("gone");
  gone.schedule->zone = "Europe/Atlantis";
  shop.store.tasks().update(gone);
  shop.step();
  shop.pass(1min);
  CHECK(shop.rows("job") == Lines{"08:01 running"});
  CHECK(shop.rows("gone") == Lines{"08:01 finished: missed"});
  CHECK(shop.run("gone").reason.starts_with("its schedule can't be read: "));
  CHECK(shop.task("gone").next_at == shop.now() + 1h);
  // It is back, and fires at its own moments only.
  gone = shop.task("gone");
  gone.schedule->zone = "UTC";
  gone.schedule->timers[0].text = "50m";
  shop.store.tasks().update(gone);
  shop.pass(1h);
  CHECK(shop.runs("gone").size() == 1);
  shop.pass(39min);
  CHECK(shop.rows("gone").back() == "09:40 running");
}

TEST_CASE("jitter puts off the start, never the moment that is meant") {
  TimedShop shop;
  shop.every("job", "1h", [](model::Schedule& schedule) { schedule.jitter = 10min; });
  shop.step();
  const auto off = rules::jitter_of("job", 10min);
  REQUIRE(off > 0ms);
  shop.pass(1h);
  CHECK(shop.rows("job") == Lines{"09:00 waiting"});
  CHECK(shop.run("job").not_before == shop.run("job").nominal_at + off);
  shop.pass(off - 1ms);
  CHECK(shop.rows("job") == Lines{"09:00 waiting"});
  shop.pass(1ms);
  CHECK(shop.rows("job") == Lines{"09:00 running"});
}
