// Runs that give way, or never began, and the bounds of --max-fails.
#include "unit/worker/max_fails_at_hand.hpp"

#include <functional>

using namespace sched;
using namespace sched::test;

TEST_CASE("what gave way has not been tried: it is stopped like what has not begun") {
  for (const bool failed_before : {false, true}) {
    CAPTURE(failed_before);
    Bounded shop(2, 1);
    Tagged others(2, 1);
    for (HandlerShop* one :
         {static_cast<HandlerShop*>(&shop), static_cast<HandlerShop*>(&others)}) {
      if (failed_before) {
        model::Task task = one->task("b");
        task.retry.retries = 1;
        task.retry.backoff = model::parse_backoff("fixed:0s").value();
        store::Transaction change(one->store.db());
        one->store.tasks().update(task);
        change.commit();
      }
      one->step();
      if (failed_before) {
        one->fail("b");
      }
      model::Queue urgent;
      urgent.name = "urgent";
      urgent.preempt = model::Preempt::requeue;
      model::Task high = task_named("high");
      high.priority = 9;
      {
        store::Transaction change(one->store.db());
        high.queue = one->store.queues().add(urgent);
        change.commit();
      }
      one->first_run(one->add(high));
      {
        store::Transaction change(one->store.db());
        REQUIRE(one->store.suspensions().displace(one->run("b").id, one->run("high").id, "why",
                                                  one->now()));
        change.commit();
      }
      one->step();
      one->end("b", caused(model::Ending::Cause::preempted));
      one->step();
      REQUIRE(one->state("b") == "ready");
      one->fail("a");
    }
    CHECK(shop.state("b") == (failed_before ? "running" : "finished: skipped"));
    CHECK(others.state("b") == (failed_before ? "running" : "held"));
  }
}

namespace {

/// "b" runs while "a" fails, and then gives way, or turns out never to have begun.
void come_back(HandlerShop& shop, bool gives_way, const std::function<void()>& meanwhile = {}) {
  shop.step();
  REQUIRE(shop.state("b") == "running");
  shop.fail("a");
  if (meanwhile) {
    meanwhile();
  }
  REQUIRE(shop.state("b") == "running");
  model::Ending ending;
  ending.kind = model::Ending::Kind::not_begun;
  if (gives_way) {
    store::Transaction change(shop.store.db());
    REQUIRE(shop.store.suspensions().displace(shop.run("b").id, RunId(), "why", shop.now()));
    change.commit();
    ending = caused(model::Ending::Cause::preempted);
  }
  shop.end("b", ending);
  shop.step();
}

}  // namespace

TEST_CASE("what ran when the bound was met, and comes back, does not start again") {
  for (const bool gives_way : {false, true}) {
    CAPTURE(gives_way);
    Bounded flow(2, 1);
    flow.below("after b", {"b:done"});
    come_back(flow, gives_way);
    CHECK(flow.state("b") == "finished: skipped");
    CHECK(flow.run("b").reason == "max-fails 1 of the flow of run-1 reached: a failed");
    Tagged tag(2, 1);
    come_back(tag, gives_way);
    CHECK(tag.state("b") == "held");
    CHECK(tag.run("b").reason == "max-fails 1 of the tag batch reached: a failed");
    CHECK(tag.state("other") == "running");
  }
}

TEST_CASE("what comes back starts again when the bound was met before it, or no longer stands") {
  Bounded flow(2, 1);
  flow.fail("a");
  REQUIRE(flow.state("c") == "finished: skipped");
  flow.succeed("b");
  flow.retry("c");
  flow.step();
  model::Ending not_begun;
  not_begun.kind = model::Ending::Kind::not_begun;
  flow.end("c", not_begun);
  flow.step();
  CHECK(flow.state("c") == "running");
  Tagged tag(2, 1);
  come_back(tag, false, [&] {
    store::Transaction change(tag.store.db());
    tag.store.dead_letters().resolve(tag.run("a").id, "seen to", tag.now());
    change.commit();
  });
  CHECK(tag.state("b") == "running");
}

TEST_CASE("a further attempt that gives way is made again, whatever failed meanwhile") {
  Bounded flow(2, 1);
  model::Task b = flow.task("b");
  b.retry.retries = 1;
  b.retry.backoff = model::parse_backoff("fixed:0s").value();
  {
    store::Transaction change(flow.store.db());
    flow.store.tasks().update(b);
    change.commit();
  }
  flow.fail("b");
  come_back(flow, true);
  CHECK(flow.state("b") == "running");
}
