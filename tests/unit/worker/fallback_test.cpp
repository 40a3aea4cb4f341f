#include "unit/worker/handlers_at_hand.hpp"

using namespace sched;
using namespace sched::test;

namespace {

/// build, whose fallback is rescue, and report after build.
struct Replaced : HandlerShop {
  Replaced() {
    manual("rescue");
    once("build");
    once("report", {"build"});
    once("alarm", {"build:failure"});
    handle("build", HandlerKind::fallback, {"rescue"});
  }
};

}  // namespace

TEST_CASE("a fallback runs in the place of what failed, for the same moment") {
  Replaced shop;
  const RunId build = shop.run("build").id;
  shop.clock.pass(std::chrono::minutes(5));
  shop.fail("build");
  const model::Run rescue = shop.run("rescue");
  CHECK(rescue.trigger == "fallback:1.1");
  CHECK(rescue.nominal_at == shop.run("build").nominal_at);
  CHECK(shop.bound(shop.run("report").id) == std::vector<RunId>{rescue.id});
  CHECK(shop.state("report") == "waiting");
  CHECK(shop.state("alarm") == "waiting");
  CHECK(shop.run("report").edges == model::EdgeCounts{1, 1, 0});
  CHECK(shop.run("build").reason == "exit 1; run-4 of rescue runs in its place");
  CHECK(shop.store.handlers().in_place_of(build) == rescue.id);
  CHECK(model::is_dead(shop.run("build")));
}

TEST_CASE("what comes after sees how the fallback ends") {
  Replaced good;
  good.fail("build");
  good.succeed("rescue");
  CHECK(good.state("report") == "running");
  CHECK(good.state("alarm") == "finished: skipped");
  CHECK(good.run("alarm").reason == "dependency build:failure refused: rescue succeeded");
  CHECK(good.resolution("build") == "fallback run-4 succeeded");
  Replaced bad;
  bad.fail("build");
  bad.fail("rescue");
  CHECK(bad.state("report") == "finished: skipped");
  CHECK(bad.run("report").reason == "dependency build:success refused: rescue failed");
  CHECK(bad.state("alarm") == "running");
  CHECK(bad.resolution("build").empty());
}

TEST_CASE("a fallback has no part in a good end") {
  Replaced shop;
  shop.succeed("build");
  CHECK(shop.runs("rescue").empty());
  CHECK(shop.state("report") == "running");
}

TEST_CASE("a fallback that is cancelled is what those below see") {
  Replaced shop;
  shop.handle("build", HandlerKind::failure, {"rescue"});
  shop.handle("build", HandlerKind::failure, {});
  shop.fail("build");
  shop.run_to_end("rescue", caused(model::Ending::Cause::cancelled));
  CHECK(shop.state("report") == "finished: skipped");
  CHECK(model::is_dead(shop.run("build")));
}

TEST_CASE("fallbacks of fallbacks hand on what waits, and the last makes all good") {
  Replaced shop;
  shop.manual("last");
  shop.handle("rescue", HandlerKind::fallback, {"last"});
  shop.fail("build");
  shop.fail("rescue");
  CHECK(shop.bound(shop.run("report").id) == std::vector<RunId>{shop.run("last").id});
  CHECK(shop.store.handlers().in_place_of(shop.run("build").id) == shop.run("last").id);
  shop.succeed("last");
  CHECK(shop.state("report") == "running");
  CHECK(shop.resolution("build") == "fallback run-5 succeeded");
  CHECK(shop.resolution("rescue") == "fallback run-5 succeeded");
}

TEST_CASE("a fallback that is skipped at once lets those below see that at once") {
  HandlerShop shop;
  shop.once("other");
  shop.manual("rescue", {"other"});
  shop.once("build");
  shop.once("report", {"build"});
  shop.once("sweep", {"build:done"});
  shop.handle("build", HandlerKind::fallback, {"rescue"});
  shop.fail("other");
  shop.fail("build");
  CHECK(shop.state("rescue") == "finished: skipped");
  CHECK(shop.state("report") == "finished: skipped");
  CHECK(shop.state("sweep") == "running");
}

TEST_CASE("the fallback joins the flow of what it replaces") {
  HandlerShop shop;
  shop.manual("root");
  shop.below("build", {"root"});
  shop.below("report", {"build"});
  shop.manual("rescue");
  shop.handle("build", HandlerKind::fallback, {"rescue"});
  const RunId root = shop.start("root");
  shop.succeed("root");
  shop.fail("build");
  CHECK(shop.run("rescue").flow == root);
  shop.succeed("rescue");
  CHECK(shop.state("report") == "running");
}

TEST_CASE("what looks at the newest run looks at what runs in its place") {
  HandlerShop shop;
  shop.manual("rescue");
  shop.once("build");
  shop.handle("build", HandlerKind::fallback, {"rescue"});
  shop.fail("build");
  shop.once("late", {"build"});
  shop.manual("hand", {"build"});
  const RunId by_hand = shop.start("hand");
  const RunId rescue = shop.run("rescue").id;
  CHECK(shop.bound(shop.run("late").id) == std::vector<RunId>{rescue});
  CHECK(shop.bound(by_hand) == std::vector<RunId>{rescue});
  CHECK(shop.state("late") == "waiting");
  shop.succeed("rescue");
  CHECK(shop.state("late") == "running");
}

TEST_CASE("a retry by hand after a fallback that went well leaves those below with it") {
  Replaced shop;
  shop.fail("build");
  shop.succeed("rescue");
  shop.retry("build", true);
  shop.fail("build");
  CHECK(shop.state("report") == "running");
  REQUIRE(shop.runs("rescue").size() == 2);
  CHECK(shop.runs("rescue")[1].trigger == "fallback:1.2");
  CHECK(shop.bound(shop.run("report").id) == std::vector<RunId>{shop.runs("rescue")[0].id});
}

TEST_CASE("a retry by hand after a fallback that failed takes those below back") {
  Replaced shop;
  shop.fail("build");
  shop.fail("rescue");
  REQUIRE(shop.state("report") == "finished: skipped");
  shop.retry("build", true);
  CHECK(shop.bound(shop.run("report").id) == std::vector<RunId>{shop.run("build").id});
  CHECK(shop.state("report") == "waiting");
  shop.succeed("build");
  CHECK(shop.state("report") == "running");
}

TEST_CASE("a fallback that is retried by hand and succeeds makes good for what it replaced") {
  Replaced shop;
  shop.fail("build");
  shop.fail("rescue");
  shop.retry("rescue", true);
  CHECK(shop.state("report") == "waiting");
  shop.succeed("rescue");
  CHECK(shop.state("report") == "running");
  CHECK(shop.resolution("build") == "fallback run-4 succeeded");
}

TEST_CASE("a fallback makes nothing good that stands for itself again") {
  Replaced shop;
  shop.fail("build");
  shop.handle("build", HandlerKind::fallback, {});
  shop.retry("build");
  shop.fail("build");
  shop.succeed("rescue");
  CHECK(shop.resolution("build").empty());
}

TEST_CASE("a run that takes turns lets the next go though a fallback runs in its place") {
  HandlerShop shop;
  shop.manual("rescue");
  const model::TaskId build = shop.manual("build");
  shop.handle("build", HandlerKind::fallback, {"rescue"});
  for (int i = 0; i < 2; ++i) {
    shop.clock.pass(std::chrono::milliseconds(1));
    store::Transaction change(shop.store.db());
    worker::fire(shop.store, shop.store.tasks().task(build),
                 {"manual", shop.now(), shop.now(), true}, shop.now());
    change.commit();
  }
  shop.step();
  REQUIRE(shop.executor.started.size() == 1);
  shop.executor.end(shop.executor.started.front().claim, exited(1));
  shop.step();
  CHECK(shop.runs("build")[1].state == model::RunState::running);
  CHECK(shop.run("rescue").state == model::RunState::running);
}

TEST_CASE("two that fail at once go each to the fallback of its own") {
  HandlerShop shop;
  shop.manual("rescue");
  shop.once("a");
  shop.once("b");
  shop.once("both", {"a", "b"});
  for (const char* name : {"a", "b"}) {
    shop.handle(name, HandlerKind::fallback, {"rescue"});
  }
  shop.step();
  shop.end("a", exited(1));
  shop.end("b", exited(1));
  shop.step();
  const auto rescues = shop.runs("rescue");
  REQUIRE(rescues.size() == 2);
  CHECK(shop.bound(shop.run("both").id) == std::vector<RunId>{rescues[0].id, rescues[1].id});
  CHECK(shop.run("both").edges == model::EdgeCounts{2, 2, 0});
  for (const model::Run& rescue : rescues) {
    for (const store::RunningRun& running : shop.store.runs().running()) {
      if (running.claim.run == rescue.id) {
        shop.executor.end(running.claim, exited(0));
      }
    }
  }
  shop.step();
  CHECK(shop.state("both") == "running");
}

TEST_CASE("a fallback that comes after what failed with it waits for the fallback of that") {
  for (const bool first : {true, false}) {
    CAPTURE(first);
    HandlerShop shop;
    shop.manual("prepare2");
    shop.once(first ? "a" : "prepare");
    shop.once(first ? "prepare" : "a");
    shop.manual("b", {"prepare"});
    shop.handle("a", HandlerKind::fallback, {"b"});
    shop.handle("prepare", HandlerKind::fallback, {"prepare2"});
    shop.step();
    shop.end(first ? "a" : "prepare", exited(1));
    shop.end(first ? "prepare" : "a", exited(1));
    shop.step();
    CHECK(shop.bound(shop.run("b").id) == std::vector<RunId>{shop.run("prepare2").id});
    CHECK(shop.state("b") == "waiting");
    shop.succeed("prepare2");
    CHECK(shop.state("b") == "running");
  }
}

TEST_CASE("a fallback that is called too late for its own deadline does not start") {
  HandlerShop shop;
  for (const char* name : {"rescue", "build"}) {
    model::Task made = task_named(name);
    made.deadlines.hard = model::parse_deadline("1h").value();
    if (name == std::string("rescue")) {
      made.trigger = model::TriggerKind::manual;
      made.at.reset();
    } else {
      made.at = shop.now();
      made.retry.retries = 1;
    }
    shop.add(made);
  }
  shop.handle("build", HandlerKind::fallback, {"rescue"});
  shop.first_run(shop.task("build").id);
  const RunId build = shop.run("build").id;
  shop.fail("build");
  REQUIRE(shop.state("build") == "waiting");
  store::Transaction change(shop.store.db());
  REQUIRE(shop.store.runs().hold(build));
  change.commit();
  shop.clock.pass(std::chrono::hours(2));
  shop.step();
  CHECK(shop.state("build") == "finished: failed");
  CHECK(shop.state("rescue") == "finished: missed");
  CHECK(shop.started() == Lines{"build"});
}
