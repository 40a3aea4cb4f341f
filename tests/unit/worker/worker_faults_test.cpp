#include "unit/worker/worker_at_hand.hpp"
#include "worker/line.hpp"

using namespace sched;
using namespace std::chrono_literals;
using model::Outcome;
using model::RunId;
using namespace sched::test;

TEST_CASE("without a launcher nothing is claimed") {
  Shop shop;
  shop.worker.use_launcher({});
  shop.once("job");
  shop.step();
  CHECK(shop.executor.started.empty());
  shop.worker.use_launcher(shop.launcher);
  shop.step();
  CHECK(shop.started() == Lines{"job"});
}

TEST_CASE("the wish to cancel is passed on once, and its end is the last") {
  Shop shop;
  shop.task("job", 0, "5");
  shop.step();
  shop.store.runs().request_cancel(shop.run("job").id, "cancelled by a person");
  shop.step();
  shop.step();
  REQUIRE(shop.executor.cancels.size() == 1);
  CHECK(shop.executor.cancels[0].first == shop.claim("job"));
  CHECK(shop.executor.cancels[0].second == model::Ending::Cause::cancelled);
  shop.end("job", test::caused(model::Ending::Cause::cancelled));
  shop.step();
  CHECK(shop.state("job") == "finished: cancelled");
  CHECK(shop.run("job").reason == "cancelled by a person");
}

TEST_CASE("a worker cancels only what is its own") {
  Shop shop;
  shop.once("theirs");
  worker::Worker other(shop.store, shop.executor, shop.observer, 1, [] { return 99; });
  other.use_launcher(shop.launcher);
  other.step(shop.now());
  shop.store.runs().request_cancel(shop.run("theirs").id, "cancelled by a person");
  shop.step();
  CHECK(shop.executor.cancels.empty());
  other.step(shop.now());
  CHECK(shop.executor.cancels.size() == 1);
}

TEST_CASE("a worker that is told to stop at once ends all of its children, once") {
  Shop shop(2);
  shop.once("a");
  shop.once("b");
  shop.step();
  shop.worker.end_children();
  shop.worker.end_children();
  REQUIRE(shop.executor.cancels.size() == 2);
  CHECK(shop.executor.cancels[0].second == model::Ending::Cause::shutdown);
}

TEST_CASE("idle is a store in which nothing runs, is due or will be tried again") {
  Shop shop;
  CHECK(shop.worker.is_idle(shop.now()));
  shop.manual("never");
  model::Task later = test::task_named("later");
  later.at = shop.now() + 1h;
  shop.first_run(shop.add(later));
  shop.once("after", {"later"});
  CHECK(shop.worker.is_idle(shop.now()));
  shop.once("job");
  CHECK_FALSE(shop.worker.is_idle(shop.now()));
  shop.step();
  CHECK_FALSE(shop.worker.is_idle(shop.now()));
  shop.end("job");
  CHECK_FALSE(shop.worker.is_idle(shop.now()));
  shop.step();
  CHECK(shop.worker.is_idle(shop.now()));
  shop.clock.pass(1h);
  CHECK_FALSE(shop.worker.is_idle(shop.now()));
}

TEST_CASE("a store that can't be written loses nothing and doubles nothing") {
  Shop shop(2);
  shop.once("a");
  shop.once("b", {"a"});
  shop.once("c");
  shop.refuse_writes(true);
  CHECK_THROWS_AS(shop.step(), base::Error);
  CHECK(shop.executor.started.empty());
  shop.refuse_writes(false);
  shop.step();
  CHECK(shop.started() == Lines{"a", "c"});
  shop.end("a");
  shop.refuse_writes(true);
  for (int i = 0; i < 3; ++i) {
    CHECK_THROWS_AS(shop.step(), base::Error);
    CHECK(shop.state("a") == "running");
    CHECK(shop.executor.forgotten.empty());
    CHECK_FALSE(shop.worker.is_idle(shop.now()));
  }
  shop.end("c", test::exited(1));
  shop.refuse_writes(false);
  shop.step();
  CHECK(shop.state("a") == "finished: succeeded");
  CHECK(shop.state("c") == "finished: failed");
  CHECK(shop.started() == Lines{"a", "c", "b"});
  CHECK(shop.executor.forgotten.size() == 2);
}

TEST_CASE("a commit that fails is made good by the next step") {
  Shop shop(2);
  shop.once("a");
  shop.once("c");
  shop.step();
  shop.end("a");
  shop.end("c");
  shop.once("b");
  // A deferred constraint is looked at by COMMIT alone, and fails it there.
  shop.store.db().execute(
      "CREATE TABLE blocker (id INTEGER REFERENCES tasks (id) DEFERRABLE INITIALLY DEFERRED);"
      "CREATE TRIGGER block AFTER UPDATE OF outcome ON runs"
      " BEGIN INSERT INTO blocker VALUES (12345); END;");
  CHECK_THROWS_AS(shop.step(), base::Error);
  CHECK(shop.state("a") == "running");
  CHECK(shop.started() == Lines{"a", "c"});
  shop.store.db().execute("DROP TRIGGER block");
  shop.step();
  CHECK(shop.state("a") == "finished: succeeded");
  CHECK(shop.state("c") == "finished: succeeded");
  CHECK(shop.started() == Lines{"a", "c", "b"});
  CHECK(shop.attempts("b") == 1);
}

TEST_CASE("a claim that was written and never sent is handed back") {
  Shop shop(2);
  shop.once("runs");
  shop.step();
  // As a commit leaves it that reports failure and is in the store all the same.
  shop.once("unsent");
  {
    store::Transaction change(shop.store.db());
    worker::line_up_due(shop.store, shop.now(), 10);
    const model::Claim claim{shop.run("unsent").id, 1, 777};
    REQUIRE(shop.store.runs().start(claim.run, 1, 0, shop.now()));
    shop.store.attempts().add(claim, shop.launcher, shop.now());
    change.commit();
  }
  shop.once("third");
  shop.store.db().execute(
      "CREATE TABLE blocker (id INTEGER REFERENCES tasks (id) DEFERRABLE INITIALLY DEFERRED);"
      "CREATE TRIGGER block AFTER UPDATE OF state ON runs"
      " BEGIN INSERT INTO blocker VALUES (12345); END;");
  CHECK_THROWS_AS(shop.step(), base::Error);
  shop.store.db().execute("DROP TRIGGER block");
  shop.step();
  CHECK(shop.claim("unsent").token != 777);
  CHECK(shop.claim("unsent").attempt == 1);
  CHECK(shop.state("runs") == "running");
  CHECK(shop.attempts("unsent") == 1);
}

TEST_CASE("a new worker takes over what an old one left, as its launcher tells") {
  Shop shop(4);
  for (const char* name : {"runs", "ended", "unsent"}) {
    shop.once(name);
  }
  shop.step();
  const auto runs = shop.claim("runs");
  const auto ended = shop.claim("ended");
  const auto unsent = shop.claim("unsent");
  const auto roster = [&](bool alive) {
    exec::Roster told;
    told.launcher = shop.launcher;
    told.alive = alive;
    told.running = {runs, {RunId(99), 1, 1}};
    told.ended = {{ended, test::exited(3)}, {{runs.run, 9, 9}, test::exited(0)}};
    return told;
  };
  const auto kind_of = [&](const worker::Recovered& recovered, const model::Claim& claim) {
    std::string found;
    for (const exec::Ended& end : recovered.ends) {
      if (end.claim == claim) {
        found += model::to_string(end.ending.kind);
      }
    }
    for (const model::Claim& adopted : recovered.adopted) {
      if (adopted == claim) {
        found += "adopted";
      }
    }
    return found;
  };
  struct Row {
    bool alive;
    const char* boot;
    const char* runs;
    const char* unsent;
  };
  for (const Row& row :
       {Row{true, "this boot", "adopted", "not_begun"},
        Row{false, "this boot", "lost", "not_begun"}, Row{false, "another boot", "lost", "lost"}}) {
    CAPTURE(row.alive);
    CAPTURE(std::string(row.boot));
    const auto recovered = worker::recover(shop.store, {roster(row.alive)}, row.boot);
    CHECK(recovered.ends.size() + recovered.adopted.size() + recovered.unknown.size() == 4);
    // It is no attempt of this store: to be ended where it goes on.
    const model::Claim foreign{RunId(99), 1, 1};
    CHECK(kind_of(recovered, foreign) == (row.alive ? "" : "lost"));
    CHECK(recovered.unknown ==
          (row.alive ? std::vector<model::Claim>{foreign} : std::vector<model::Claim>{}));
    CHECK(kind_of(recovered, ended) == "exited");
    CHECK(kind_of(recovered, runs) == row.runs);
    CHECK(kind_of(recovered, unsent) == row.unsent);
  }
  exec::Roster of_another = roster(true);
  of_another.launcher = model::LauncherId(shop.launcher.value + 1);
  const auto none = worker::recover(shop.store, {of_another}, "this boot");
  CHECK(none.ends.empty());
  CHECK(none.adopted.empty());

  // And what the new worker makes of it.
  worker::Worker next(shop.store, shop.executor, shop.observer, 1, [] { return 5000; });
  next.use_launcher(shop.launcher);
  auto recovered = worker::recover(shop.store, {roster(true)}, "this boot");
  next.take_ends(std::move(recovered.ends));
  for (const model::Claim& claim : recovered.adopted) {
    next.adopt(claim);
    next.adopt(claim);
  }
  CHECK(next.in_flight() == 1);
  CHECK(shop.observer.lines.back() == "adopted runs");
  next.step(shop.now());
  CHECK(shop.state("ended") == "finished: failed");
  CHECK(shop.claim("runs") == runs);
  // The adopted attempt takes the one slot.
  CHECK(shop.state("unsent") == "ready");
  shop.end("runs");
  next.step(shop.now());
  CHECK(shop.claim("unsent").token == 5000);
}

TEST_CASE("attempts of a launcher that left no directory are lost") {
  Shop shop(2);
  shop.once("gone");
  shop.step();
  const auto lost = worker::lost_without_trace(shop.store);
  REQUIRE(lost.size() == 1);
  CHECK(lost[0].claim == shop.claim("gone"));
  CHECK(lost[0].ending.kind == model::Ending::Kind::lost);
  std::filesystem::create_directories(shop.store.places().launchers() /
                                      std::to_string(shop.launcher.value));
  CHECK(worker::lost_without_trace(shop.store).empty());
  shop.worker.take_ends(lost);
  shop.step();
  CHECK(shop.state("gone") == "finished: lost");
}

TEST_CASE("two workers on one store start each run once") {
  Shop shop(1);
  for (const char* name : {"a", "b", "c"}) {
    shop.once(name);
  }
  store::Store second(shop.store.places());
  test::FakeExecutor executor;
  worker::Worker other(second, executor, shop.observer, 1, [] { return 9000; });
  other.use_launcher(second.launchers().add("this boot", 2, shop.now()));
  shop.step();
  other.step(shop.now());
  shop.step();
  other.step(shop.now());
  CHECK(shop.executor.started.size() == 1);
  CHECK(executor.started.size() == 1);
  CHECK(shop.executor.started[0].claim.run != executor.started[0].claim.run);
  CHECK(shop.state("c") == "ready");
}

TEST_CASE("nothing is claimed while something runs that the store does not know") {
  for (const bool is_stray : {false, true}) {
    CAPTURE(is_stray);
    Shop shop(2);
    const model::Claim foreign{RunId(99), 1, 1};
    shop.worker.end_unknown(foreign);
    shop.worker.end_unknown(foreign);
    CHECK(shop.executor.cancels.size() == 1);
    shop.once("job");
    shop.step();
    CHECK(shop.state("job") == "ready");
    if (is_stray) {  // It can't be ended: the rest can't wait for ever.
      shop.executor.untold_strays.push_back({foreign, "pid 17 (cp)"});
    } else {
      shop.executor.say(foreign, test::exited(0));
    }
    shop.step();
    CHECK(shop.state("job") == "running");
  }
}
