#include "unit/worker/max_fails_at_hand.hpp"

using namespace sched;
using namespace sched::test;

TEST_CASE("once so many runs of a flow have failed, none of it starts any more") {
  Bounded shop(2);
  shop.fail("a");
  CHECK(shop.state("d") == "ready");
  shop.observer.lines.clear();
  shop.fail("b");
  CHECK(shop.state("c") == "running");
  CHECK(shop.state("d") == "finished: skipped");
  CHECK(shop.state("last") == "finished: skipped");
  CHECK(shop.run("d").reason == "max-fails 2 of the flow of run-1 reached: a, b failed");
  CHECK(shop.observer.lines == Lines{"ended b", "ended d", "ended last"});
  shop.succeed("c");
  CHECK(shop.state("c") == "finished: succeeded");
}

TEST_CASE("fewer failures, or other flows, stop nothing") {
  Bounded shop(1);
  shop.fail("a");
  shop.clock.pass(std::chrono::minutes(1));
  const RunId second = shop.start("root");
  CHECK(second != shop.root);
  CHECK(shop.runs("d")[0].state == model::RunState::queued);
  CHECK(shop.runs("d")[1].state == model::RunState::waiting);
  shop.clock.pass(std::chrono::minutes(1));
  const auto first_b = shop.runs("b").front();
  for (const store::RunningRun& running : shop.store.runs().running()) {
    REQUIRE(running.claim.run == first_b.id);
    shop.executor.end(running.claim, exited(1));
  }
  shop.step();
  CHECK(shop.state_of(shop.runs("d")[0]) == "finished: skipped");
  CHECK(shop.runs("d")[1].state == model::RunState::waiting);
}

TEST_CASE("without the bound all of a flow is tried") {
  Bounded shop(1, 0);
  for (const char* name : {"a", "b", "c"}) {
    shop.fail(name);
  }
  CHECK(shop.state("d") == "running");
}

TEST_CASE("what has been tried goes on, and what a person holds does not start either") {
  Bounded shop(3);
  model::Task c = shop.task("c");
  c.retry.retries = 1;
  c.retry.backoff = model::parse_backoff("fixed:30s").value();
  {
    store::Transaction change(shop.store.db());
    shop.store.tasks().update(c);
    shop.store.runs().hold(shop.run("d").id);
    change.commit();
  }
  shop.fail("c");
  shop.fail("a");
  shop.fail("b");
  CHECK(shop.state("d") == "finished: skipped");
  CHECK(shop.state("c") == "waiting");
  shop.clock.pass(std::chrono::seconds(30));
  shop.succeed("c");
  CHECK(shop.state("c") == "finished: succeeded");
}

TEST_CASE("a failure in whose place a fallback runs does not count, the fallback's does") {
  Bounded shop(2);
  shop.manual("rescue");
  shop.handle("b", HandlerKind::fallback, {"rescue"});
  shop.fail("a");
  shop.end("b", exited(1));
  shop.end("c", exited(0));
  shop.step();
  CHECK(shop.state("rescue") == "running");
  CHECK(shop.state("d") == "running");
  CHECK(shop.state("last") == "waiting");
  shop.fail("rescue");
  CHECK(shop.state("last") == "finished: skipped");
  CHECK(shop.run("last").reason == "max-fails 2 of the flow of run-1 reached: a, rescue failed");
}

TEST_CASE("what a retry by hand brings back runs, until the bound is reached anew") {
  Bounded shop(2);
  shop.fail("a");
  shop.fail("b");
  shop.succeed("c");
  REQUIRE(shop.state("d") == "finished: skipped");
  shop.retry("d", true);
  shop.step();
  CHECK(shop.state("d") == "running");
  CHECK(shop.state("last") == "waiting");
  shop.end("d", exited(1));
  shop.step();
  CHECK(shop.state("last") == "finished: skipped");
}

TEST_CASE("nothing of such a flow is claimed ahead of a slot, for it could not be kept back") {
  for (const int most : {0, 1}) {
    CAPTURE(most);
    HandlerShop shop(1);
    model::Task made = task_named("root");
    made.trigger = model::TriggerKind::manual;
    made.at.reset();
    made.max_fails.of_flow = most;
    shop.add(made);
    for (const char* name : {"c", "b", "a"}) {
      shop.below(name, {"root"});
    }
    shop.start("root");
    model::Ending quick = exited(0);
    quick.elapsed = std::chrono::milliseconds(10);
    shop.run_to_end("root", quick);
    CHECK(shop.started() == (most == 0 ? Lines{"root", "a", "b", "c"} : Lines{"root", "a"}));
  }
}

TEST_CASE("once so many runs of a tag have failed, the rest of it is held") {
  Tagged shop(2);
  shop.fail("a");
  CHECK(shop.state("d") == "ready");
  shop.fail("b");
  CHECK(shop.state("c") == "running");
  for (const char* name : {"d", "e"}) {
    CHECK(shop.state(name) == "held");
    CHECK(shop.run(name).reason == "max-fails 2 of the tag batch reached: a, b failed");
  }
  CHECK(shop.state("other") == "running");
  shop.succeed("c");
  {
    store::Transaction change(shop.store.db());
    worker::release_run(shop.store, shop.run("d").id, shop.now());
    change.commit();
  }
  shop.step();
  CHECK(shop.state("d") == "running");
  CHECK(shop.state("e") == "held");
}

TEST_CASE("failures of a tag that a person has seen to, or a fallback, do not count") {
  Tagged shop(1);
  shop.manual("rescue");
  shop.handle("b", HandlerKind::fallback, {"rescue"});
  shop.fail("a");
  shop.fail("b");
  CHECK(shop.state("d") == "ready");
  {
    store::Transaction change(shop.store.db());
    shop.store.dead_letters().resolve(shop.run("a").id, "seen to", shop.now());
    change.commit();
  }
  shop.fail("c");
  CHECK(shop.state("e") == "ready");
  shop.fail("d");
  CHECK(shop.state("e") == "held");
  CHECK(shop.run("e").reason == "max-fails 2 of the tag batch reached: c, d failed");
}

TEST_CASE("of a tag with a bound nothing is claimed ahead of a slot") {
  Tagged shop(1);
  shop.step();
  model::Ending quick = exited(0);
  quick.elapsed = std::chrono::milliseconds(10);
  shop.end("a", quick);
  shop.step();
  CHECK(shop.started() == Lines{"a", "b"});
}
