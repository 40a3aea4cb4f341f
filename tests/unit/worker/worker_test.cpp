#include "unit/worker/worker_at_hand.hpp"

using namespace sched;
using namespace std::chrono_literals;
using model::Outcome;
using model::RunId;
using namespace sched::test;

TEST_CASE("a worker fills its slots by priority, then age") {
  Shop shop(2);
  shop.task("old", 0);
  shop.task("low", -5);
  shop.task("high", 9);
  shop.task("young", 0);
  shop.step();
  CHECK(shop.started() == Lines{"high", "old"});
  CHECK(shop.state("high") == "running");
  CHECK(shop.state("young") == "ready");
  CHECK(shop.worker.in_flight() == 2);
  CHECK(shop.observer.lines == Lines{"started high", "started old"});
  shop.step();
  CHECK(shop.started().size() == 2);
  shop.end("high");
  shop.step();
  CHECK(shop.started() == Lines{"high", "old", "young"});
}

TEST_CASE("what is handed over knows who it is") {
  Shop shop;
  model::Task task = test::task_named("job");
  task.command = {{"echo $A"}, true};
  task.surroundings.environment = {{"A", "1"}};
  task.timeout = 7s;
  shop.first_run(shop.add(task));
  shop.step();
  REQUIRE(shop.executor.started.size() == 1);
  const exec::Launch& launch = shop.executor.started[0];
  CHECK(launch.argv == Lines{"/bin/sh", "-c", "echo $A"});
  CHECK(launch.claim == shop.claim("job"));
  CHECK(launch.timeout == 7s);
  CHECK(launch.environment ==
        Lines{"A=1", "SCHED_TASK=job", "SCHED_RUN_ID=" + std::to_string(launch.claim.run.value),
              "SCHED_ATTEMPT=1", "SCHED_NOMINAL_TIME=2027-01-15T08:00:00Z", "SCHED_QUEUE=default",
              "SCHED_STORE=" + shop.store.places().directory.string()});
}

TEST_CASE("several ends and the next starts are one step and one commit") {
  Shop shop(3);
  for (const char* name : {"a", "b", "c"}) {
    shop.once(name);
  }
  shop.once("after", {"a", "b"});
  shop.once("not", {"c:failure"});
  shop.once("more");
  shop.step();
  shop.end("a");
  shop.end("b");
  shop.end("c");
  store::Store watcher(shop.store.places());
  const auto before = watcher.db().data_version();
  shop.observer.lines.clear();
  shop.step();
  const auto after = watcher.db().data_version();
  CHECK(after == before + 1);
  CHECK(shop.observer.lines ==
        Lines{"ended a", "ended b", "ended c", "ended not", "started after", "started more"});
  CHECK(shop.state("not") == "finished: skipped");
  CHECK(shop.executor.forgotten.size() == 3);
  CHECK(shop.worker.in_flight() == 2);
}

TEST_CASE("a step with nothing to do writes nothing") {
  Shop shop(1);
  shop.once("long");
  shop.once("waits");
  shop.step();
  store::Store watcher(shop.store.places());
  const auto before = watcher.db().data_version();
  shop.step();
  shop.step();
  CHECK(watcher.db().data_version() == before);
}

TEST_CASE("an end keeps its outcome, code, reason and moments") {
  Shop shop;
  shop.once("job");
  shop.step();
  shop.clock.pass(5s);
  model::Ending ending = test::exited(3);
  ending.elapsed = 4s;
  shop.end("job", ending);
  shop.step();
  const auto run = shop.run("job");
  CHECK(run.outcome == Outcome::failed);
  CHECK(run.exit_code == 3);
  CHECK(run.reason == "exit 3");
  CHECK(run.started_at == shop.now() - 5s);
  CHECK(run.finished_at == shop.now());
  CHECK(shop.observer.notices.back().outcome == Outcome::failed);
  CHECK(shop.observer.notices.back().elapsed == 4s);
}

TEST_CASE("a further attempt waits for its moment, and has a token of its own") {
  Shop shop;
  shop.task("shaky", 0, "1");
  shop.once("after", {"shaky"});
  shop.step();
  const auto first = shop.claim("shaky");
  shop.end("shaky", test::exited(1));
  shop.step();
  CHECK(shop.state("shaky") == "waiting");
  CHECK(shop.observer.lines.back() == "retried shaky");
  CHECK(shop.worker.next_moment() == shop.now() + 30s);
  CHECK_FALSE(shop.worker.is_idle(shop.now()));
  shop.clock.pass(30s - 1ms);
  shop.step();
  CHECK(shop.state("shaky") == "waiting");
  shop.clock.pass(1ms);
  shop.step();
  const auto second = shop.claim("shaky");
  CHECK(second.attempt == 2);
  CHECK(second.token != first.token);
  shop.end("shaky");
  shop.step();
  CHECK(shop.state("shaky") == "finished: succeeded");
  CHECK(shop.state("after") == "running");
  CHECK(shop.attempts("shaky") == 2);
}

TEST_CASE("a word that is stale changes nothing, and frees no slot") {
  Shop shop(1);
  shop.task("job", 0, "1");
  shop.task("next", -1);
  shop.step();
  const auto old = shop.claim("job");
  shop.end("job", test::exited(1));
  shop.step();
  shop.end("next");
  shop.clock.pass(30s);
  shop.step();
  const auto current = shop.claim("job");
  shop.once("other");
  const auto lines = shop.observer.lines.size();
  for (const model::Claim& stale :
       {old, model::Claim{current.run, 2, current.token + 50}, model::Claim{RunId(99), 1, 1}}) {
    shop.executor.say(stale, test::exited(0));
    shop.step();
  }
  CHECK(shop.observer.lines.size() == lines);
  CHECK(shop.claim("job") == current);
  CHECK(shop.attempts("job") == 2);
  // The one slot is still taken.
  CHECK(shop.executor.running().size() == 1);
  CHECK(shop.state("other") != "running");
  shop.end("job");
  shop.step();
  CHECK(shop.state("job") == "finished: succeeded");
  CHECK(shop.state("other") == "running");
}

TEST_CASE("an end that is told twice is settled once") {
  Shop shop;
  shop.once("job");
  shop.step();
  const auto claim = shop.claim("job");
  shop.end("job");
  shop.executor.say(claim, test::exited(3));
  shop.step();
  shop.executor.say(claim, test::exited(3));
  shop.step();
  CHECK(shop.state("job") == "finished: succeeded");
  CHECK(shop.observer.lines == Lines{"started job", "ended job"});
}

TEST_CASE("an attempt that never began is not counted") {
  SUBCASE("never tried: at once again") {
    Shop shop;
    shop.once("job");
    shop.step();
    const auto first = shop.claim("job");
    shop.end("job", test::not_begun(0));
    shop.step();
    CHECK(shop.claim("job").attempt == 1);
    CHECK(shop.claim("job").token != first.token);
    CHECK(shop.attempts("job") == 1);
    CHECK(shop.observer.lines == Lines{"started job", "handed back job", "started job"});
  }
  SUBCASE("no process just now: in a second") {
    Shop shop;
    shop.once("job");
    shop.step();
    shop.end("job", test::not_begun(EAGAIN));
    shop.step();
    CHECK(shop.state("job") == "waiting");
    CHECK(shop.attempts("job") == 0);
    CHECK_FALSE(shop.worker.is_idle(shop.now()));
    shop.clock.pass(1s);
    shop.step();
    CHECK(shop.claim("job").attempt == 1);
  }
  SUBCASE("its task was paused: it waits") {
    Shop shop;
    const auto id = shop.once("job");
    shop.step();
    shop.store.tasks().set_paused(id, true);
    shop.end("job", test::not_begun(0));
    shop.step();
    CHECK(shop.state("job") == "waiting");
    CHECK_FALSE(shop.run("job").due_at.has_value());
  }
  SUBCASE("cancelled meanwhile: it is over, for what comes after too") {
    Shop shop;
    shop.once("job");
    shop.once("after", {"job"});
    shop.step();
    shop.store.runs().request_cancel(shop.run("job").id, "cancelled by a person");
    shop.end("job", test::not_begun(0));
    shop.step();
    CHECK(shop.state("job") == "finished: cancelled");
    CHECK(shop.state("after") == "finished: skipped");
  }
}

TEST_CASE("a worker that drains claims nothing more and settles all that ends") {
  Shop shop(1);
  shop.once("runs");
  shop.once("stays");
  shop.step();
  shop.worker.drain();
  CHECK(shop.worker.draining());
  shop.end("runs");
  shop.step();
  shop.step();
  CHECK(shop.state("runs") == "finished: succeeded");
  CHECK(shop.state("stays") == "ready");
  CHECK(shop.worker.in_flight() == 0);
  CHECK_FALSE(shop.worker.is_idle(shop.now()));
}

TEST_CASE("what does not end is written down with its attempt, shown to the observer, and kept") {
  Shop shop;
  shop.task("a", 0);
  shop.step();
  const model::Claim claim = shop.claim("a");
  shop.executor.untold_strays = {{claim, "pid 17 (cp)"}, {{}, "pid 18 (dd)"}};
  shop.refuse_writes(true);
  CHECK_THROWS(shop.step());
  CHECK(shop.observer.warnings.empty());
  shop.refuse_writes(false);
  shop.step();
  REQUIRE(shop.observer.warnings.size() == 2);
  CHECK(shop.observer.warnings[0].find("run-1 does not end") == 0);
  CHECK(shop.observer.warnings[0].find("pid 17 (cp)") != std::string::npos);
  CHECK(shop.observer.warnings[1].find("pid 18 (dd)") != std::string::npos);
  shop.executor.end(claim, test::exited(0));
  shop.step();
  const auto attempts = shop.store.attempts().of_run(claim.run);
  REQUIRE(attempts.size() == 1);
  CHECK(attempts[0].strays == "pid 17 (cp)");
  CHECK(attempts[0].outcome == model::Outcome::succeeded);
}
