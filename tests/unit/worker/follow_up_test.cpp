#include "worker/follow_up.hpp"

#include "unit/worker/handlers_at_hand.hpp"

using namespace sched;
using namespace sched::test;
using namespace std::chrono_literals;

TEST_CASE("a handler runs once for each end of its kind, and for the last attempt alone") {
  HandlerShop shop;
  shop.manual("notify");
  shop.manual("cheer");
  shop.task("job", 0, "1");
  shop.handle("job", HandlerKind::failure, {"notify"});
  shop.handle("job", HandlerKind::success, {"cheer"});
  shop.fail("job");
  CHECK(shop.state("job") == "waiting");
  CHECK(shop.runs("notify").empty());
  shop.clock.pass(30s);
  shop.fail("job");
  CHECK(shop.state("job") == "finished: failed");
  REQUIRE(shop.runs("notify").size() == 1);
  CHECK(shop.run("notify").trigger == "failure:1.2");
  CHECK(shop.run("notify").nominal_at == shop.now());
  CHECK(shop.runs("cheer").empty());
  // It is started by the step that wrote the end.
  CHECK(shop.executor.started.back().claim.run == shop.run("notify").id);
  const auto& environment = shop.executor.started.back().environment;
  for (const char* line : {"SCHED_FOR_TASK=job", "SCHED_FOR_RUN_ID=1", "SCHED_FOR_OUTCOME=failed",
                           "SCHED_FOR_REASON=exit 1 (attempt 2 of 2)"}) {
    CAPTURE(line);
    CHECK(std::find(environment.begin(), environment.end(), line) != environment.end());
  }
  shop.retry("job");
  shop.succeed("job");
  CHECK(shop.runs("notify").size() == 1);
  REQUIRE(shop.runs("cheer").size() == 1);
  CHECK(shop.run("cheer").trigger == "success:1.3");
}

TEST_CASE("each end after a retry by hand is an end of its own, at the same moment too") {
  HandlerShop shop;
  shop.manual("notify");
  shop.once("job");
  shop.handle("job", HandlerKind::failure, {"notify"});
  shop.fail("job");
  shop.retry("job");
  shop.fail("job");
  const auto runs = shop.runs("notify");
  REQUIRE(runs.size() == 2);
  CHECK(runs[0].trigger == "failure:1.1");
  CHECK(runs[1].trigger == "failure:1.2");
  CHECK(runs[0].nominal_at == runs[1].nominal_at);
}

TEST_CASE("an end that is told twice fires nothing twice") {
  HandlerShop shop;
  shop.manual("notify");
  shop.once("job");
  shop.handle("job", HandlerKind::failure, {"notify"});
  shop.step();
  const model::Claim claim = shop.claim("job");
  shop.executor.end(claim, exited(1));
  shop.step();
  shop.executor.end(claim, exited(1));
  shop.step();
  CHECK(shop.runs("notify").size() == 1);
}

TEST_CASE("which ends call a handler") {
  struct Row {
    model::Ending ending;
    int on_failure;
    int on_success;
  };
  for (const Row& row : {Row{exited(0), 0, 1}, Row{exited(1), 1, 0}, Row{signalled(9), 1, 0},
                         Row{lost(), 1, 0}, Row{caused(model::Ending::Cause::timeout), 1, 0},
                         Row{caused(model::Ending::Cause::cancelled), 0, 0}}) {
    HandlerShop shop;
    shop.manual("bad");
    shop.manual("good");
    shop.once("job");
    shop.handle("job", HandlerKind::failure, {"bad"});
    shop.handle("job", HandlerKind::success, {"good"});
    shop.run_to_end("job", row.ending);
    CAPTURE(shop.state("job"));
    CHECK(static_cast<int>(shop.runs("bad").size()) == row.on_failure);
    CHECK(static_cast<int>(shop.runs("good").size()) == row.on_success);
  }
}

TEST_CASE("what was skipped, cancelled before it began or missed calls no handler") {
  HandlerShop shop;
  shop.manual("notify");
  shop.once("up");
  shop.once("skipped", {"up"});
  shop.once("cancelled", {"up:done"});
  for (const char* name : {"skipped", "cancelled"}) {
    shop.handle(name, HandlerKind::failure, {"notify"});
    shop.handle(name, HandlerKind::fallback, {"notify"});
  }
  {
    store::Transaction change(shop.store.db());
    worker::cancel_run(shop.store, shop.run("cancelled").id, shop.now());
    change.commit();
  }
  shop.fail("up");
  CHECK(shop.state("skipped") == "finished: skipped");
  CHECK(shop.state("cancelled") == "finished: cancelled");
  CHECK(shop.runs("notify").empty());
}

TEST_CASE("a hard deadline that leaves no time for another attempt is a failure, and handled") {
  HandlerShop shop;
  shop.manual("notify");
  model::Task made = task_named("job");
  made.deadlines.hard = model::parse_deadline("1h").value();
  made.retry.retries = 1;
  made.retry.backoff = model::parse_backoff("fixed:50m").value();
  shop.first_run(shop.add(made));
  shop.handle("job", HandlerKind::failure, {"notify"});
  shop.fail("job");
  REQUIRE(shop.state("job") == "waiting");
  {
    store::Transaction change(shop.store.db());
    worker::set_paused(shop.store, shop.task("job").id, true, shop.now());
    change.commit();
  }
  shop.clock.pass(61min);
  shop.step();
  CHECK(shop.state("job") == "finished: failed");
  REQUIRE(shop.runs("notify").size() == 1);
  CHECK(shop.run("notify").trigger == "failure:1.1");
}

TEST_CASE("a handler that comes after what it handles sees its end, once") {
  HandlerShop shop;
  shop.once("job");
  shop.manual("notify", {"job:failure"});
  shop.handle("job", HandlerKind::failure, {"notify"});
  shop.fail("job");
  const model::Run run = shop.run("notify");
  CHECK(run.edges == model::EdgeCounts{1, 0, 1});
  CHECK(run.state == model::RunState::running);
}

TEST_CASE("a handler with tasks after it begins a flow of its own") {
  HandlerShop shop;
  shop.manual("notify");
  shop.below("log", {"notify"});
  shop.once("job");
  shop.handle("job", HandlerKind::failure, {"notify"});
  shop.fail("job");
  CHECK(shop.run("log").flow == shop.run("notify").id);
  shop.succeed("notify");
  CHECK(shop.state("log") == "running");
}

TEST_CASE("a paused handler's run is there and waits") {
  HandlerShop shop;
  shop.manual("notify");
  shop.once("job");
  shop.handle("job", HandlerKind::failure, {"notify"});
  {
    store::Transaction change(shop.store.db());
    worker::set_paused(shop.store, shop.task("notify").id, true, shop.now());
    change.commit();
  }
  shop.fail("job");
  CHECK(shop.state("notify") == "waiting");
}

TEST_CASE("a commit that fails takes the end and the handler's run back together") {
  HandlerShop shop;
  shop.manual("notify");
  shop.once("job");
  shop.handle("job", HandlerKind::failure, {"notify"});
  shop.step();
  shop.end("job", exited(1));
  shop.refuse_writes(true);
  CHECK_THROWS(shop.step());
  shop.refuse_writes(false);
  CHECK(shop.state("job") == "running");
  CHECK(shop.runs("notify").empty());
  shop.step();
  CHECK(shop.state("job") == "finished: failed");
  CHECK(shop.runs("notify").size() == 1);
}
