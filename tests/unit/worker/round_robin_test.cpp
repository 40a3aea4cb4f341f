#include "unit/worker/worker_at_hand.hpp"

using namespace sched;
using namespace sched::test;
using namespace std::chrono_literals;

namespace {

struct Ring : Shop {
  model::QueueId queue;

  explicit Ring(int slots = 1, int worker_slots = 4) : Shop(worker_slots) {
    model::Queue made;
    made.name = "turns";
    made.slots = slots;
    made.policy = model::parse_queue_policy("round-robin").value();
    made.slice = 10s;
    store::Transaction change(store.db());
    queue = store.queues().add(made);
    change.commit();
  }
  void come(const std::string& name) {
    clock.pass(1ms);
    model::Task made = task_named(name);
    made.queue = queue;
    made.at = now();
    first_run(add(made));
  }
  void pass(time::Duration duration) {
    clock.pass(duration);
    step();
  }
  /// Who runs and does not stand still, and that the executor was told so.
  std::string running() {
    std::string names;
    for (const store::RunningRun& run : store.runs().running()) {
      CHECK(executor.suspended.contains(run.claim) == run.suspended);
      if (!run.suspended) {
        names += (names.empty() ? "" : " ") + store.tasks().label(run.task);
      }
    }
    return names;
  }
  void cancel(const std::string& name) {
    store::Transaction change(store.db());
    store.runs().request_cancel(run(name).id, "cancelled");
    change.commit();
  }
};

}  // namespace

TEST_CASE("runs take turns of a slice each, and the worker wakes for the end of one") {
  Ring ring;
  for (const char* name : {"a", "b", "c"}) {
    ring.come(name);
  }
  ring.step();
  CHECK(ring.running() == "a");
  const time::Instant began = ring.now();
  CHECK(ring.worker.next_moment() == began + 10s);
  ring.pass(9999ms);
  CHECK(ring.running() == "a");
  ring.pass(1ms);
  CHECK(ring.running() == "b");
  CHECK(ring.worker.next_moment() == began + 20s);
  CHECK(ring.run("a").suspended_at == ring.now());
  CHECK(ring.run("a").reason == "suspended: its slice of 10s is over");
  ring.pass(10s);
  CHECK(ring.running() == "c");
  ring.pass(10s);
  CHECK(ring.running() == "a");
  CHECK(ring.run("a").stood == 20s);
  CHECK_FALSE(ring.run("a").suspended_at);
  CHECK(ring.run("a").reason.empty());
  ring.end("a");
  ring.step();
  CHECK(ring.running() == "b");
  CHECK(ring.run("a").stood == 20s);
  ring.end("b");
  ring.end("c");
  ring.step();
  CHECK(ring.worker.is_idle(ring.now()));
}

TEST_CASE("nobody is stopped when nobody waits, and whoever comes later is let in at once") {
  Ring ring(2);
  ring.come("a");
  ring.come("b");
  ring.step();
  CHECK_FALSE(ring.worker.next_moment());
  ring.pass(60s);
  CHECK(ring.running() == "a b");
  ring.come("c");
  ring.step();
  CHECK(ring.running() == "b c");
  ring.pass(5s);
  CHECK(ring.running() == "a c");
  ring.pass(5s);
  CHECK(ring.running() == "a b");
}

TEST_CASE("a worker without a slot for it turns its own") {
  Ring ring(0, 1);
  ring.come("a");
  ring.come("b");
  ring.step();
  ring.pass(10s);
  CHECK(ring.running() == "b");
  CHECK(ring.started() == Lines{"a", "b"});
}

TEST_CASE("one that drains starts nothing new and has all of its own end") {
  Ring ring;
  for (const char* name : {"a", "b"}) {
    ring.come(name);
  }
  ring.step();
  ring.pass(10s);
  REQUIRE(ring.running() == "b");
  ring.come("late");
  ring.worker.drain();
  ring.pass(10s);
  CHECK(ring.running() == "a");
  ring.end("a");
  ring.step();
  CHECK(ring.running() == "b");
  ring.end("b");
  ring.step();
  CHECK(ring.worker.in_flight() == 0);
  CHECK(ring.started() == Lines{"a", "b"});
}

TEST_CASE("what is being cancelled neither gives way nor goes on") {
  Ring ring;
  for (const char* name : {"a", "b"}) {
    ring.come(name);
  }
  ring.step();
  ring.pass(10s);
  REQUIRE(ring.running() == "b");
  ring.cancel("a");
  ring.pass(10s);
  CHECK(ring.run("b").suspended_at == std::nullopt);
  CHECK(ring.executor.cancels.size() == 1);
  ring.end("a", test::caused(model::Ending::Cause::cancelled));
  ring.step();
  CHECK(ring.run("a").outcome == model::Outcome::cancelled);
  CHECK_FALSE(ring.run("a").suspended_at);
}

TEST_CASE("a worker that takes over tells launchers anew who stands still, and lets them go on") {
  Ring ring;
  for (const char* name : {"a", "b"}) {
    ring.come(name);
  }
  ring.step();
  ring.clock.pass(10s);
  ring.executor.death = FakeExecutor::Death::before_suspend;
  CHECK_THROWS_AS(ring.step(), Crash);
  REQUIRE(ring.run("a").suspended_at.has_value());
  CHECK(ring.executor.suspended.empty());
  worker::Worker next(ring.store, ring.executor, ring.observer, 4,
                      [&] { return ++ring.last_token; });
  next.use_launcher(ring.launcher);
  const auto recovered =
      worker::recover(ring.store, {ring.executor.attach(ring.launcher)}, "this boot");
  for (const model::Claim& claim : recovered.adopted) {
    next.adopt(claim);
  }
  next.take_ends(recovered.ends);
  CHECK(ring.executor.suspended.size() == 1);
  next.step(ring.now());
  ring.clock.pass(10s);
  next.step(ring.now());
  CHECK(ring.running() == "a");
}

TEST_CASE("a turn is left to the worker whose run has waited the longest, and not for ever") {
  Ring ring(1, 2);
  ring.come("a");
  ring.step();
  FakeExecutor others;
  worker::Worker other(ring.store, others, ring.observer, 2, [&] { return ++ring.last_token; });
  other.use_launcher(ring.store.launchers().add("this boot", 2, ring.now()));
  const auto runs = [&] {
    for (const store::RunningRun& run : ring.store.runs().running()) {
      if (!run.suspended) {
        return ring.store.tasks().label(run.task);
      }
    }
    return std::string();
  };
  ring.come("b");
  ring.clock.pass(10s);
  other.step(ring.now());
  CHECK(runs() == "b");
  ring.step();
  ring.come("c");
  ring.clock.pass(10s);
  // a has waited longer than c, and is the first worker's.
  other.step(ring.now());
  CHECK(runs() == "b");
  CHECK(*other.next_moment() - ring.now() < 100ms);
  ring.step();
  CHECK(runs() == "a");
  other.step(ring.now());
  ring.clock.pass(10s);
  ring.step();
  CHECK(runs() == "c");
  // It is b's turn before a's, and its worker does not come.
  ring.clock.pass(10s);
  ring.step();
  CHECK(runs() == "c");
  ring.clock.pass(99ms);
  ring.step();
  CHECK(runs() == "c");
  ring.clock.pass(1ms);
  CHECK(*ring.worker.next_moment() <= ring.now());
  ring.step();
  CHECK(runs() == "a");
  // Before the next it does.
  ring.clock.pass(10s);
  ring.step();
  CHECK(runs() == "a");
  other.step(ring.now());
  CHECK(runs() == "b");
}

TEST_CASE("a worker with a slot for it has another worker's run give way") {
  Ring ring(1, 1);
  ring.come("a");
  ring.come("b");
  ring.step();
  FakeExecutor others;
  worker::Worker other(ring.store, others, ring.observer, 1, [&] { return ++ring.last_token; });
  other.use_launcher(ring.store.launchers().add("this boot", 2, ring.now()));
  other.step(ring.now());
  CHECK(others.started.empty());
  ring.clock.pass(10s);
  other.step(ring.now());
  CHECK(others.started.size() == 1);
  CHECK(ring.executor.suspended.empty());
  ring.step();
  CHECK(ring.executor.suspended.size() == 1);
  // And back: each only ever lets its own go on.
  ring.clock.pass(10s);
  other.step(ring.now());
  CHECK(others.suspended.empty());
  ring.step();
  CHECK(ring.executor.suspended.empty());
  other.step(ring.now());
  CHECK(others.suspended.size() == 1);
}
