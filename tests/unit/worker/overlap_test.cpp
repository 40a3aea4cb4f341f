#include "unit/worker/timed_at_hand.hpp"
#include "worker/advance.hpp"

#include <algorithm>

using namespace sched;
using namespace std::chrono_literals;
using namespace sched::test;
using model::Overlap;

namespace {

auto catch_up(const char* text, Overlap policy = Overlap::skip) {
  return [=](model::Schedule& schedule) {
    schedule.catch_up = model::parse_catch_up(text).value();
    schedule.overlap = policy;
  };
}

}  // namespace

TEST_CASE("a firing while the last run goes on does what overlap says") {
  struct Row {
    Overlap policy;
    Lines rows;
    std::size_t started;
    std::size_t cancels;
  };
  for (const Row& row : {Row{Overlap::skip, {"08:01 running", "08:02 finished: skipped"}, 1, 0},
                         Row{Overlap::queue, {"08:01 running", "08:02 waiting"}, 1, 0},
                         Row{Overlap::replace, {"08:01 running", "08:02 waiting"}, 1, 1},
                         Row{Overlap::allow, {"08:01 running", "08:02 running"}, 2, 0}}) {
    CAPTURE(std::string(model::to_string(row.policy)));
    TimedShop shop;
    shop.every("job", "1m", overlap(row.policy));
    shop.step();
    shop.pass(1min);
    shop.pass(1min);
    shop.step();
    CHECK(shop.rows("job") == row.rows);
    CHECK(shop.executor.started.size() == row.started);
    CHECK(shop.executor.cancels.size() == row.cancels);
  }
}

TEST_CASE("what was skipped names the run that stood in the way") {
  TimedShop shop;
  shop.every("job", "1m");
  shop.step();
  shop.pass(1min);
  shop.pass(1min);
  const auto runs = shop.runs("job");
  CHECK(runs.at(1).reason == model::label(runs[0].id) + " has not finished, and overlap is skip");
  CHECK(runs[1].finished_at == shop.now());
}

TEST_CASE("queued firings run one after another, the oldest first") {
  TimedShop shop(4);
  shop.every("job", "1m", overlap(Overlap::queue));
  shop.step();
  for (int i = 0; i < 3; ++i) {
    shop.pass(1min);
  }
  CHECK(shop.rows("job") == Lines{"08:01 running", "08:02 waiting", "08:03 waiting"});
  const auto waiting = shop.runs("job");
  CHECK(waiting[1].reason == "waits for " + model::label(waiting[0].id) + " of the same task");
  shop.end_run(shop.running("job"), exited(1));
  shop.step();
  CHECK(shop.rows("job") == Lines{"08:01 finished: failed", "08:02 running", "08:03 waiting"});
  shop.end_run(shop.running("job"));
  shop.step();
  CHECK(shop.rows("job").back() == "08:03 running");
}

TEST_CASE("whose turn has come no longer says that it waits for another") {
  TimedShop shop(4);
  shop.every("job", "1m", [](model::Schedule& schedule) {
    schedule.overlap = Overlap::queue;
    schedule.jitter = 1h;
  });
  const auto off = rules::jitter_of("job", 1h);
  REQUIRE(off > 2min);
  shop.step();
  shop.pass(1min);
  shop.pass(1min);
  const RunId first = shop.runs("job")[0].id;
  CHECK(shop.runs("job")[1].reason == "waits for " + model::label(first) + " of the same task");
  store::Transaction change(shop.store.db());
  CHECK(shop.store.runs().finish_unstarted(first, model::Outcome::cancelled, "", shop.now()));
  worker::advance(shop.store, {first}, shop.now());
  change.commit();
  CHECK(shop.runs("job")[1].reason.empty());
  CHECK(shop.runs("job")[1].due_at == shop.runs("job")[1].nominal_at + off);
}

TEST_CASE("a queued firing waits for the further attempts of the one before it") {
  TimedShop shop(4);
  shop.every("job", "1m", overlap(Overlap::queue));
  model::Task task = shop.task("job");
  task.retry.retries = 1;
  task.retry.backoff = model::parse_backoff("fixed:30s").value();
  shop.store.tasks().update(task);
  shop.step();
  shop.pass(1min);
  shop.pass(1min);
  shop.end_run(shop.running("job"), exited(1));
  shop.step();
  CHECK(shop.rows("job") == Lines{"08:01 waiting", "08:02 waiting"});
  shop.pass(30s);
  CHECK(shop.rows("job") == Lines{"08:01 running", "08:02 waiting"});
  shop.end_run(shop.running("job"));
  shop.step();
  CHECK(shop.rows("job") == Lines{"08:01 finished: succeeded", "08:02 running"});
}

TEST_CASE("replace cancels a run that goes on, and the new one starts only after its end") {
  TimedShop shop(4);
  shop.every("job", "1m", overlap(Overlap::replace));
  shop.step();
  shop.pass(1min);
  const RunId old = shop.running("job");
  shop.pass(1min);
  shop.step();
  REQUIRE(shop.executor.cancels.size() == 1);
  CHECK(shop.executor.cancels[0].first.run == old);
  CHECK(shop.rows("job") == Lines{"08:01 running", "08:02 waiting"});
  shop.end_run(old, caused(model::Ending::Cause::cancelled));
  shop.step();
  CHECK(shop.rows("job") == Lines{"08:01 finished: cancelled", "08:02 running"});
}

TEST_CASE("replace cancels a run that has not started at once") {
  TimedShop shop(1);
  shop.once("long");
  shop.every("job", "1m", overlap(Overlap::replace));
  shop.step();
  for (int i = 0; i < 3; ++i) {
    shop.pass(1min);
  }
  CHECK(shop.rows("job") ==
        Lines{"08:01 finished: cancelled", "08:02 finished: cancelled", "08:03 ready"});
  CHECK(shop.runs("job")[0].reason == "replaced by the firing of 2027-01-15 08:02:00");
  shop.end("long");
  shop.step();
  CHECK(shop.rows("job").back() == "08:03 running");
}

TEST_CASE("what is made up for runs in turn, though overlap is skip") {
  TimedShop shop(4);
  shop.every("job", "1m", catch_up("all"));
  shop.clock.pass(3min + 30s);
  shop.step();
  CHECK(shop.rows("job") == Lines{"08:01 running", "08:02 waiting", "08:03 waiting"});
  for (int i = 0; i < 3; ++i) {
    shop.end_run(shop.running("job"));
    shop.step();
  }
  CHECK(shop.rows("job") == Lines{"08:01 finished: succeeded", "08:02 finished: succeeded",
                                  "08:03 finished: succeeded"});
}

TEST_CASE("firings that were missed are one row with their count, before those that run") {
  struct Row {
    const char* catch_up;
    Lines rows;
  };
  for (const Row& row :
       {Row{"none", {"08:04 finished: missed x4"}},
        Row{"last", {"08:03 finished: missed x3", "08:04 running"}},
        Row{"all:2", {"08:02 finished: missed x2", "08:03 running", "08:04 waiting"}}}) {
    CAPTURE(std::string(row.catch_up));
    TimedShop shop;
    shop.every("job", "1m", catch_up(row.catch_up));
    shop.clock.pass(4min + 30s);
    shop.step();
    shop.step();
    CHECK(shop.rows("job") == row.rows);
    CHECK(std::count(shop.observer.lines.begin(), shop.observer.lines.end(), "ended job") == 1);
  }
}

TEST_CASE("a machine that slept while a worker ran is like one without a worker") {
  TimedShop shop(4);
  shop.every("job", "1h", catch_up("last"));
  shop.step();
  shop.pass(24h + 30min);
  CHECK(shop.rows("job") == Lines{"07:00 finished: missed x23", "08:00 running"});
}

TEST_CASE("more firings than are written at once all come, each one time") {
  TimedShop shop(1);
  shop.every("job", "1s", catch_up("all", Overlap::allow));
  shop.clock.pass(1500s);
  shop.step();
  CHECK(shop.store.runs().of_task(shop.task("job").id, 5000).size() == 1000);
  shop.step();
  CHECK(shop.store.runs().of_task(shop.task("job").id, 5000).size() == 1500);
  CHECK(shop.task("job").next_at == shop.now() + 1s);
}
