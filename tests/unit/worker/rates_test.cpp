#include "unit/worker/guards_at_hand.hpp"

using namespace sched;
using namespace sched::test;
using namespace std::chrono_literals;

TEST_CASE(
    "a rate lets its burst start, then one with each token, and the worker sleeps till then") {
  Gate gate(8);
  gate.on_queue("6/min", 2);
  gate.many("a", 5);
  gate.step();
  CHECK(gate.started() == Lines{"a0", "a1"});
  CHECK(gate.worker.next_moment() == gate.now() + 10s);
  CHECK_FALSE(gate.worker.is_idle(gate.now()));
  gate.clock.pass(9999ms);
  gate.step();
  CHECK(gate.started().size() == 2);
  gate.clock.pass(1ms);
  gate.step();
  CHECK(gate.started().size() == 3);
  CHECK(gate.worker.next_moment() == gate.now() + 10s);
  gate.clock.pass(20s);
  gate.step();
  CHECK(gate.started().size() == 5);
  CHECK_FALSE(gate.worker.next_moment().has_value());  // Nobody waits for the token after that.
  for (int i = 0; i < 5; ++i) {
    gate.end("a" + std::to_string(i));
  }
  gate.step();
  CHECK(gate.worker.is_idle(gate.now()));
}

TEST_CASE("a run that waits for a token costs no transaction") {
  Gate gate(8);
  gate.on_queue("1/h", 1);
  gate.many("a", 3);
  gate.step();
  gate.refuse_writes(true);  // A pass that wrote would throw.
  for (int i = 0; i < 5; ++i) {
    gate.clock.pass(1s);
    gate.step();
  }
  gate.refuse_writes(false);
  CHECK(gate.started().size() == 1);
}

TEST_CASE("without a free slot nobody is woken for a token") {
  Gate gate(1);
  gate.on_queue("6/min", 1);
  gate.many("a", 2);
  gate.step();
  CHECK_FALSE(gate.worker.next_moment().has_value());
  gate.end("a0");
  gate.step();
  CHECK(gate.worker.next_moment() == gate.now() + 10s);
}

TEST_CASE("what falls under several guards takes a token of each, or none") {
  Gate gate(8);
  gate.on_tag("net", "6/min", 1);
  gate.on_resource("line", "1/h", 1);
  model::Task both = task_named("both");
  both.tags = {"net"};
  both.needs = model::parse_needs("line").value();
  gate.first_run(gate.add(both));
  model::Task line = task_named("line");
  line.needs = model::parse_needs("line").value();
  gate.first_run(gate.add(line));
  gate.tagged("net", "net");
  gate.once("free");
  gate.step();
  // "both" took both tokens; nobody else of either may start, the one without any may.
  CHECK(gate.started() == Lines{"both", "free"});
  CHECK(gate.worker.next_moment() == gate.now() + 10s);
  gate.clock.pass(10s);
  gate.step();
  CHECK(gate.started().back() == "net");
  gate.clock.pass(59min);
  gate.step();
  CHECK(gate.started().size() == 3);  // The token of the tag did not help the other.
  CHECK(gate.worker.next_moment() == gate.now() + 50s);
  gate.clock.pass(50s);
  gate.step();
  CHECK(gate.started().back() == "line");
}

TEST_CASE("limits sit before choosing: a tag without tokens keeps nothing of its queue waiting") {
  Gate gate(8);
  gate.on_tag("net", "1/h", 1);
  for (int i = 0; i < 20; ++i) {
    gate.tagged("n" + std::to_string(i), "net");
  }
  gate.once("free");
  gate.step();
  CHECK(gate.started() == Lines{"n0", "free"});
}

TEST_CASE("a guard stands before runs that were queued before it, and goes with its rule") {
  Gate gate(1);
  gate.once("first");
  gate.tagged("a", "net");
  gate.tagged("b", "net");
  gate.step();
  CHECK(gate.started() == Lines{"first"});
  gate.on_tag("net", "1/h", 1);
  gate.end("first");
  gate.step();
  gate.end("a");
  gate.step();
  CHECK(gate.started() == Lines{"first", "a"});
  model::Guard guard = gate.store.guards().of_tag("net").value();
  guard.rate.reset();
  gate.put(guard);
  gate.step();
  CHECK(gate.started() == Lines{"first", "a", "b"});
}

TEST_CASE("tokens are of the store: another worker, or the next one, finds none either") {
  Gate gate(8);
  gate.on_queue("6/min", 2);
  gate.many("a", 5);
  gate.step();
  test::FakeExecutor other_executor;
  worker::Worker other(gate.store, other_executor, gate.observer, 8,
                       [&] { return ++gate.last_token; });
  other.use_launcher(gate.store.launchers().add("this boot", 2, gate.now()));
  other.step(gate.now());
  CHECK(other_executor.started.empty());
  CHECK(other.next_moment() == gate.now() + 10s);
}

TEST_CASE("a start that is handed back keeps its token") {
  Gate gate(8);
  gate.on_queue("6/min", 1);
  gate.many("a", 1);
  gate.step();
  gate.end("a0", test::not_begun(0));
  gate.step();
  CHECK(gate.run("a0").state == model::RunState::queued);
  CHECK(gate.started().size() == 1);
  gate.clock.pass(10s);
  gate.step();
  CHECK(gate.started().size() == 2);
}

TEST_CASE("a clock that was set back by hours blocks for a token's time, not for the hours") {
  Gate gate(8);
  gate.on_queue("6/min", 1, "1");
  gate.many("a", 3);
  gate.step();
  gate.clock.jump(-5h);
  gate.step();
  CHECK(gate.worker.next_moment() == gate.now() + 10s);
  gate.clock.pass(10s);
  gate.step();
  CHECK(gate.started().size() == 2);
  gate.fail("a0");
  gate.clock.jump(-5h);
  gate.step();
  gate.clock.pass(5min);
  gate.step();
  CHECK(gate.started().size() == 3);
}

TEST_CASE("a commit that fails takes no token") {
  Gate gate(8);
  gate.on_queue("1/h", 1);
  gate.many("a", 1);
  gate.refuse_writes(true);
  CHECK_THROWS_AS(gate.step(), base::Error);
  gate.refuse_writes(false);
  gate.step();
  CHECK(gate.started() == Lines{"a0"});
}

TEST_CASE(
    "who waits for two tokens is started when the later comes, and the worker sleeps till then") {
  Gate gate(8);
  gate.on_tag("net", "6/min", 1);
  gate.on_resource("line", "1/h", 1);
  for (const char* name : {"a", "b"}) {
    model::Task both = task_named(name);
    both.tags = {"net"};
    both.needs = model::parse_needs("line").value();
    gate.first_run(gate.add(both));
  }
  gate.step();
  CHECK(gate.started() == Lines{"a"});
  CHECK(gate.worker.next_moment() == gate.now() + 1h);
}

TEST_CASE("nobody waits for a token that could start nothing") {
  Gate gate(8);
  gate.on_queue("6/min", 1);
  gate.many("a", 2);
  gate.step();
  gate.end("a0");
  gate.step();
  CHECK(gate.worker.next_moment() == gate.now() + 10s);
  CHECK_FALSE(gate.worker.is_idle(gate.now()));
  store::Transaction change(gate.store.db());
  model::Queue queue = gate.store.queues().queue(model::k_default_queue);
  queue.state = model::QueueState::paused;
  gate.store.queues().update(queue);
  change.commit();
  CHECK_FALSE(gate.worker.next_moment().has_value());
  CHECK(gate.worker.is_idle(gate.now()));
}
