#include "unit/worker/guards_at_hand.hpp"
#include "worker/by_hand.hpp"

using namespace sched;
using namespace sched::test;
using namespace std::chrono_literals;

TEST_CASE("a breaker opens after failures in a row, and closes with its probe") {
  Gate gate(1);
  gate.on_queue(nullptr, 1, "2");
  gate.many("a", 5);
  gate.step();
  gate.fail("a0");
  CHECK(gate.started().size() == 2);
  gate.fail("a1");
  CHECK(gate.started().size() == 2);
  CHECK(gate.opened() == Lines{"the breaker of queue:default"});
  CHECK(gate.worker.next_moment() == gate.now() + 5min);
  CHECK_FALSE(gate.worker.is_idle(gate.now()));
  gate.clock.pass(5min);
  gate.step();
  CHECK(gate.started().back() == "a2");
  gate.fail("a2");  // The probe.
  CHECK(gate.started().size() == 3);
  CHECK(gate.worker.next_moment() == gate.now() + 5min);
  gate.clock.pass(5min);
  gate.step();
  gate.end("a3");
  gate.step();
  CHECK(gate.started().back() == "a4");
  CHECK(gate.observer.notices.back().kind != worker::Notice::Kind::breaker_opened);
  CHECK_FALSE(gate.store.guards().of_queue(model::k_default_queue)->record.open);
}

TEST_CASE("half-open, one probe runs, whatever else is free and whoever else works") {
  Gate gate(8);
  gate.on_tag("net", nullptr, 1, "1");
  gate.tagged("a", "net");
  gate.step();
  gate.fail("a");
  for (const char* name : {"b", "c", "d"}) {
    gate.tagged(name, "net");
  }
  gate.once("free");
  gate.step();
  CHECK(gate.started() == Lines{"a", "free"});
  gate.clock.pass(5min);
  gate.step();
  CHECK(gate.started() == Lines{"a", "free", "b"});
  CHECK_FALSE(gate.worker.next_moment().has_value());  // The end of the probe wakes us.

  SUBCASE("a success lets all go") {
    gate.end("b");
    gate.step();
    CHECK(gate.started() == Lines{"a", "free", "b", "c", "d"});
  }
  SUBCASE("a probe that never began is none: the next one tries") {
    gate.end("b", test::not_begun(0));
    gate.step();
    CHECK(gate.started() == Lines{"a", "free", "b", "b"});
    CHECK(gate.store.guards().of_tag("net")->record.probing);
  }
  SUBCASE("nor is one that a person cancelled") {
    {
      store::Transaction change(gate.store.db());
      worker::cancel_run(gate.store, gate.run("b").id, gate.now());
      change.commit();
    }
    gate.end("b", test::caused(model::Ending::Cause::cancelled));
    gate.step();
    CHECK(gate.run("b").outcome == model::Outcome::cancelled);
    CHECK(gate.started() == Lines{"a", "free", "b", "c"});
  }
  SUBCASE("a lost one failed") {
    gate.end("b", test::lost());
    gate.step();
    CHECK(gate.started() == Lines{"a", "free", "b"});
    CHECK(gate.opened().size() == 2);
  }
}

TEST_CASE("a task's breaker stops that task alone, and its retries wait") {
  Gate gate(1);
  gate.broken("bad", "2", 5);
  gate.once("good");
  gate.step();
  CHECK(gate.started() == Lines{"bad"});
  gate.fail("bad");
  gate.end("good");
  gate.clock.pass(1s);
  gate.step();
  CHECK(gate.started() == Lines{"bad", "good", "bad"});
  gate.fail("bad");
  CHECK(gate.opened() == Lines{"the breaker of task:bad"});
  gate.once("later");
  gate.clock.pass(10s);
  gate.step();
  CHECK(gate.started().back() == "later");
  CHECK(gate.run("bad").state == model::RunState::queued);
  gate.end("later");
  gate.step();
  CHECK(gate.worker.next_moment() == gate.now() + 5min - 10s);
  gate.clock.pass(5min);
  gate.step();
  CHECK(gate.started().back() == "bad");
  gate.end("bad");
  gate.step();
  CHECK_FALSE(gate.store.guards().of_task(gate.task("bad").id)->record.open);
  CHECK(gate.worker.is_idle(gate.now()));
}

TEST_CASE("only failed, timed out and lost attempts count") {
  struct Row {
    const char* what;
    model::Ending ending;
    bool opens;
  };
  for (const Row& row :
       {Row{"failed", test::exited(1), true}, Row{"signalled", test::signalled(11), true},
        Row{"timed out", test::caused(model::Ending::Cause::timeout), true},
        Row{"lost", test::lost(), true}, Row{"succeeded", test::exited(0), false},
        Row{"cancelled", test::caused(model::Ending::Cause::cancelled), false},
        Row{"never began", test::not_begun(EAGAIN), false}}) {
    CAPTURE(row.what);
    Gate gate;
    gate.broken("a", "1");
    gate.step();
    gate.end("a", row.ending);
    gate.step();
    CHECK(gate.store.guards().of_task(gate.task("a").id)->record.open == row.opens);
  }
}

TEST_CASE("a stale word opens no breaker") {
  Gate gate;
  gate.broken("a", "2", 1);
  gate.step();
  const model::Claim claim = gate.claim("a");
  gate.fail("a");
  gate.worker.take_ends({{claim, test::exited(1)}});
  gate.step();
  CHECK_FALSE(gate.store.guards().of_task(gate.task("a").id)->record.open);
}

TEST_CASE("what was opened by hand without a time keeps no worker waiting") {
  Gate gate;
  gate.on_queue(nullptr, 1, "5");
  {
    store::Transaction change(gate.store.db());
    model::Guard guard = gate.store.guards().of_queue(model::k_default_queue).value();
    rules::open_breaker(guard, std::nullopt, "opened by hand", gate.now());
    gate.store.guards().set_standing(guard);
    change.commit();
  }
  gate.once("a");
  gate.step();
  CHECK(gate.started().empty());
  CHECK(gate.worker.is_idle(gate.now()));
  CHECK_FALSE(gate.worker.next_moment().has_value());
}

TEST_CASE("a thousand tasks with breakers that are closed share one lane") {
  Gate gate(1);
  for (int i = 0; i < 1000; ++i) {
    gate.broken("t" + std::to_string(i), "3");
  }
  gate.step();
  CHECK(gate.store.lanes().all().size() == 1);
  CHECK(gate.store.guards().active().empty());
}

TEST_CASE("a guard goes with what it stands before") {
  Gate gate;
  gate.broken("a", "1");
  const auto id = gate.task("a").id;
  gate.step();
  gate.fail("a");
  CHECK(gate.store.guards().any());
  store::Transaction change(gate.store.db());
  gate.store.tasks().remove(id);
  change.commit();
  CHECK_FALSE(gate.store.guards().any());
}

TEST_CASE("a task's breaker holds runs of it that were queued before it opened") {
  Gate gate(1);
  model::Task made = task_named("bad");
  made.trigger = model::TriggerKind::manual;
  made.at.reset();
  made.breaker = model::parse_breaker("1").value();
  const auto id = gate.add(made);
  for (int i = 0; i < 3; ++i) {
    gate.start("bad");
  }
  const auto end_first = [&](int code) {
    gate.executor.end(gate.store.runs().running().at(0).claim, test::exited(code));
    gate.step();
  };
  gate.step();
  end_first(1);
  CHECK(gate.started().size() == 1);
  CHECK(gate.store.guards().of_task(id)->record.open);
  gate.clock.pass(5min);
  gate.step();
  CHECK(gate.started().size() == 2);
  end_first(0);
  CHECK(gate.started().size() == 3);
  end_first(0);
  CHECK(gate.worker.is_idle(gate.now()));
}
