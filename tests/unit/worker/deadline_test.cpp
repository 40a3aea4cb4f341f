#include "worker/deadline.hpp"

#include "unit/worker/worker_at_hand.hpp"
#include "worker/by_hand.hpp"

using namespace sched;
using namespace sched::test;
using namespace std::chrono_literals;

namespace {

struct Timely : Shop {
  using Shop::Shop;

  model::RunId due(const std::string& name, const std::string& soft, const std::string& hard,
                   const std::vector<std::string>& after = {}, int retries = 0) {
    model::Task made = task_named(name);
    if (!soft.empty()) {
      made.deadlines.soft = model::parse_deadline(soft).value();
    }
    if (!hard.empty()) {
      made.deadlines.hard = model::parse_deadline(hard).value();
    }
    made.retry.retries = retries;
    made.retry.backoff = model::parse_backoff("fixed:30s").value();
    return store.runs().newest_of(first_run(add(made, after)))->id;
  }
  /// The task gets a good run of that length.
  void let_run(const std::string& name, time::Duration length) {
    step();
    clock.pass(length);
    model::Ending ending = exited(0);
    ending.ended_at = now();
    ending.elapsed = length;
    end(name, ending);
    step();
  }
};

}  // namespace

TEST_CASE("what can't start before its hard deadline is missed when that passes") {
  Timely shop(1);
  shop.task("long", 9);
  shop.due("report", "", "1h");
  shop.once("alarm", {"report:failure"});
  shop.step();
  REQUIRE(shop.started() == Lines{"long"});
  CHECK(shop.worker.next_moment() == shop.now() + 1h + 1ms);
  shop.clock.pass(1h);
  shop.step();
  CHECK(shop.state("report") == "ready");
  shop.clock.pass(1ms);
  shop.observer.lines.clear();
  shop.step();
  CHECK(shop.state("report") == "finished: missed");
  CHECK(shop.run("report").reason.ends_with(" passed before it could run"));
  CHECK(shop.state("alarm") == "finished: skipped");
  CHECK(shop.observer.lines == Lines{"ended report", "ended alarm"});
  CHECK_FALSE(shop.worker.next_moment());
  shop.end("long");
  shop.step();
  CHECK(shop.started() == Lines{"long"});
}

TEST_CASE("a run that usually takes longer than is left takes no slot") {
  Timely shop(1);
  const model::TaskId job = shop.manual("job");
  shop.start("job");
  shop.let_run("job", 10min);
  model::Task task = shop.task("job");
  task.deadlines.hard = model::parse_deadline("15m").value();
  store::Transaction change(shop.store.db());
  shop.store.tasks().update(task);
  change.commit();
  shop.once("other");
  shop.step();
  REQUIRE(shop.started() == Lines{"job", "other"});
  const model::RunId run = shop.start("job");
  shop.step();
  CHECK(shop.worker.next_moment() == shop.now() + 5min + 1ms);
  shop.clock.pass(5min + 1ms);
  shop.step();
  CHECK(shop.state("job") == "finished: missed");
  CHECK(shop.store.runs().run(run).reason.find("it usually takes 10m, and 9m59s999ms are left") !=
        std::string::npos);
  CHECK(shop.store.runs().newest_of(job)->attempts == 0);
}

TEST_CASE("a soft deadline that passes is told once, and the run goes on") {
  Timely shop(1);
  const model::RunId run = shop.due("job", "10m", "");
  shop.step();
  CHECK(shop.worker.next_moment() == shop.now() + 10min + 1ms);
  shop.clock.pass(10min);
  shop.step();
  CHECK_FALSE(shop.store.runs().run(run).late);
  shop.clock.pass(1ms);
  shop.step();
  shop.step();
  CHECK(shop.store.runs().run(run).late);
  CHECK(shop.observer.lines == Lines{"started job", "late job"});
  CHECK_FALSE(shop.worker.next_moment());
  model::Ending ending = exited(0);
  ending.ended_at = shop.now();
  shop.end("job", ending);
  shop.step();
  CHECK(shop.state("job") == "finished: succeeded");
  CHECK(shop.observer.lines == Lines{"started job", "late job", "ended job"});
}

TEST_CASE("an end behind the deadline is late, though nobody looked in between") {
  Timely shop(1);
  const model::RunId run = shop.due("job", "10m", "");
  shop.step();
  shop.clock.pass(11min);
  model::Ending ending = exited(0);
  ending.ended_at = shop.now();
  shop.end("job", ending);
  shop.step();
  CHECK(shop.store.runs().run(run).late);
  CHECK(shop.observer.lines == Lines{"started job", "late job", "ended job"});
}

TEST_CASE("what runs is ended with its hard deadline, and is not tried again behind it") {
  Timely shop(1);
  shop.due("job", "", "10m", {}, 5);
  shop.step();
  REQUIRE(shop.executor.started.size() == 1);
  CHECK(shop.executor.started[0].timeout == 10min);
  shop.clock.pass(10min);
  model::Ending ending = caused(model::Ending::Cause::timeout);
  ending.ended_at = shop.now();
  shop.end("job", ending);
  shop.step();
  CHECK(shop.state("job") == "finished: timed_out");
  CHECK(shop.run("job").reason.find("came while it ran") != std::string::npos);
  CHECK_FALSE(shop.worker.next_moment());
}

TEST_CASE("a held run, and one that waits for another, are missed as well") {
  Timely shop(1);
  shop.once("first");
  shop.due("below", "", "1h", {"first"});
  const model::RunId held = shop.due("held", "", "1h");
  store::Transaction change(shop.store.db());
  REQUIRE(shop.store.runs().hold(held));
  change.commit();
  shop.step();
  shop.clock.pass(1h + 1ms);
  shop.step();
  CHECK(shop.state("held") == "finished: missed");
  CHECK(shop.state("below") == "finished: missed");
}

TEST_CASE("a retry by hand is not told again that it is too late") {
  Timely shop(1);
  shop.task("long", 9);
  const model::RunId run = shop.due("job", "30m", "1h");
  shop.step();
  shop.clock.pass(2h);
  shop.step();
  REQUIRE(shop.state("job") == "finished: missed");
  shop.end("long");
  shop.step();
  store::Transaction change(shop.store.db());
  worker::retry_run(shop.store, run, false, shop.now());
  change.commit();
  shop.step();
  CHECK(shop.state("job") == "running");
  CHECK(shop.executor.started.back().timeout == 0s);
}

TEST_CASE("a later deadline gives a run its time back") {
  Timely shop(1);
  shop.task("long", 9);
  const model::RunId run = shop.due("job", "10m", "1h");
  shop.step();
  shop.clock.pass(11min);
  shop.step();
  REQUIRE(shop.store.runs().run(run).late);
  model::Task task = shop.task("job");
  task.deadlines = {model::parse_deadline("2h").value(), std::nullopt};
  store::Transaction change(shop.store.db());
  shop.store.tasks().update(task);
  worker::let_deadlines_follow(shop.store, task, shop.now());
  change.commit();
  CHECK_FALSE(shop.store.runs().run(run).late);
  CHECK(shop.worker.next_moment() == shop.store.runs().run(run).nominal_at + 2h + 1ms);
}

TEST_CASE("a queue of the policy deadline starts what is due first") {
  Timely shop(1);
  store::Transaction change(shop.store.db());
  model::Queue queue = shop.store.queues().queue(model::k_default_queue);
  queue.policy = model::parse_queue_policy("deadline").value();
  shop.store.queues().update(queue);
  change.commit();
  shop.once("open");
  shop.due("tomorrow", "25h", "");
  shop.due("soon", "1h", "");
  shop.due("later", "2h", "3h");
  shop.due("first", "", "10m");
  for (const char* name : {"first", "soon", "later", "open", "tomorrow"}) {
    shop.step();
    shop.end(name);
  }
  shop.step();
  CHECK(shop.started() == Lines{"first", "soon", "later", "open", "tomorrow"});
}
