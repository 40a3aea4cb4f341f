#include "worker/worker.hpp"

#include "support/endings.hpp"
#include "support/fake_executor.hpp"
#include "support/recording_observer.hpp"
#include "support/scene.hpp"
#include "worker/recover.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <string>
#include <vector>

using namespace sched;
using namespace std::chrono_literals;
using model::Outcome;
using model::RunId;

namespace {

using Lines = std::vector<std::string>;

/// A worker with its executor, and a store to work on.
struct Shop : test::Scene {
  test::FakeExecutor executor;
  test::RecordingObserver observer;
  std::int64_t last_token = 0;
  worker::Worker worker;
  model::LauncherId launcher = store.launchers().add("this boot", 1, now());

  explicit Shop(int slots = 2)
      : worker(store, executor, observer, slots, [this] { return ++last_token; }) {
    worker.use_launcher(launcher);
  }
  void step() { worker.step(now()); }
  void task(const std::string& name, int priority, const std::string& retries = "0") {
    model::Task made = test::task_named(name);
    made.priority = priority;
    made.retry.retries = std::stoi(retries);
    made.retry.backoff = model::parse_backoff("fixed:30s").value();
    first_run(add(made));
  }
  using test::Scene::task;
  model::Claim claim(const std::string& name) {
    const RunId id = store.runs().newest_of(task(name).id)->id;
    for (const store::RunningRun& run : store.runs().running()) {
      if (run.claim.run == id) {
        return run.claim;
      }
    }
    throw std::runtime_error(name + " does not run");
  }
  void end(const std::string& name, const model::Ending& ending = test::exited(0)) {
    executor.end(claim(name), ending);
  }
  /// The names of what was handed to the executor, in order.
  Lines started() {
    Lines names;
    for (const exec::Launch& launch : executor.started) {
      names.push_back(store.tasks().label(store.runs().run(launch.claim.run).task));
    }
    return names;
  }
  int attempts(const std::string& name) {
    return static_cast<int>(store.attempts().of_run(run(name).id).size());
  }
  void refuse_writes(bool refuse) {
    store.db().execute(refuse ? "PRAGMA query_only=1" : "PRAGMA query_only=0");
  }
};

}  // namespace

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
              "SCHED_SLOT=1", "SCHED_STORE=" + shop.store.places().directory.string()});
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
    shop.store.runs().request_cancel(shop.run("job").id);
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
  shop.store.runs().request_cancel(shop.run("job").id);
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
  shop.store.runs().request_cancel(shop.run("theirs").id);
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
    shop.store.runs().enqueue_due(shop.now(), 10);
    const model::Claim claim{shop.run("unsent").id, 1, 777};
    REQUIRE(shop.store.runs().start(claim.run, 1, shop.now()));
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
    CHECK(recovered.ends.size() + recovered.adopted.size() == 3);
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
