#include "unit/worker/worker_at_hand.hpp"

using namespace sched;
using namespace sched::test;
using namespace std::chrono_literals;

namespace {

model::Task hungry() {
  model::Task task = task_named("a");
  task.machine.max_rss_bytes = 1ULL << 30U;
  task.machine.memory_retry = model::parse_memory_retry("x2..3G").value();
  task.retry.retries = 9;
  task.retry.backoff = model::parse_backoff("fixed:0s").value();
  return task;
}

model::Ending file_taken() {
  model::Ending ending = not_begun(EWOULDBLOCK);
  ending.step = model::Ending::Step::flock;
  return ending;
}

}  // namespace

TEST_CASE("each attempt gets the memory that those before it lacked, and others grow nothing") {
  Shop shop;
  shop.first_run(shop.add(hungry()));
  const auto given = [&] { return *shop.executor.started.back().machine.max_rss_bytes >> 20U; };
  const model::Ending too_much = caused(model::Ending::Cause::rss_limit);
  shop.step();
  CHECK(given() == 1024);
  shop.end("a", exited(1));
  shop.step();
  CHECK(given() == 1024);
  shop.end("a", too_much);
  shop.step();
  CHECK(given() == 2048);
  CHECK(shop.store.attempts().of_run(shop.run("a").id)[1].reason.find("next attempt gets 2G") !=
        std::string::npos);
  shop.end("a", too_much);
  shop.step();
  CHECK(given() == 3072);
  shop.end("a", too_much);
  shop.step();
  CHECK(given() == 3072);
  // What the task says stays as it was written.
  CHECK(shop.task("a").machine.max_rss_bytes == 1ULL << 30U);
}

TEST_CASE("niceness goes by the priority that the run has at its start, unless the task says one") {
  Shop shop(4);
  const auto with = [&](const char* name, int priority, std::optional<int> nice) {
    model::Task made = task_named(name);
    made.priority = priority;
    made.nice = nice;
    made.machine.nice_map = model::parse_nice_map("10=0,0=10:idle").value();
    shop.first_run(shop.add(made));
  };
  with("a", 10, std::nullopt);
  with("b", 5, std::nullopt);
  with("c", 4, 3);
  with("d", -1, std::nullopt);
  shop.step();
  REQUIRE(shop.started() == Lines{"a", "b", "c", "d"});
  const auto& launches = shop.executor.started;
  CHECK(launches[0].nice == 0);
  CHECK_FALSE(launches[0].machine.io_class.has_value());
  CHECK(launches[1].nice == 10);
  CHECK(launches[1].machine.io_class == model::parse_io_class("idle").value());
  CHECK(launches[2].nice == 3);
  CHECK_FALSE(launches[3].nice.has_value());
  CHECK_FALSE(launches[0].pin);
}

TEST_CASE("a worker that pins says so with each attempt") {
  Shop shop;
  shop.worker.pin(true);
  shop.task("a", 0);
  shop.step();
  REQUIRE(shop.executor.started.size() == 1);
  CHECK(shop.executor.started[0].pin);
}

TEST_CASE("a run whose file is locked keeps its moment and its number of attempts") {
  Shop shop;
  model::Task made = task_named("a");
  made.needs.files = {{"/run/x.lock", false}};
  made.machine.launcher_prefix = {"nice", "-n", "5"};
  shop.first_run(shop.add(made));
  shop.step();
  REQUIRE(shop.executor.started.size() == 1);
  CHECK(shop.executor.started[0].flocks == made.needs.files);
  CHECK(shop.executor.started[0].argv[0] == "nice");
  CHECK(shop.executor.started[0].argv.size() == 3 + made.command.argv.size());
  const auto before = shop.run("a").not_before;
  shop.end("a", file_taken());
  shop.step();
  CHECK(shop.run("a").state == model::RunState::waiting);
  CHECK(shop.run("a").attempts == 0);
  CHECK(shop.run("a").not_before == before);
  CHECK(shop.run("a").due_at == shop.now() + 1s);
  CHECK(shop.worker.next_moment() == shop.now() + 1s);
  CHECK(shop.run("a").reason.find("/run/x.lock") != std::string::npos);
  shop.clock.pass(1s);
  shop.step();
  CHECK(shop.executor.started.size() == 2);
  CHECK(shop.run("a").attempts == 1);
}

TEST_CASE("two runs of a store take turns at the lock of a file without asking the system") {
  Shop shop;
  for (const char* name : {"a", "b"}) {
    model::Task made = task_named(name);
    made.needs.files = {{"/run/x.lock", false}};
    shop.first_run(shop.add(made));
  }
  shop.step();
  CHECK(shop.started() == Lines{"a"});
  shop.end("a");
  shop.step();
  CHECK(shop.started() == Lines{"a", "b"});
}

TEST_CASE("a run that waits for room starts when there is some") {
  Shop shop;
  model::Task made = task_named("a");
  made.needs.space = {{"/no/such/path", 1}};
  shop.first_run(shop.add(made));
  model::Task fits = task_named("b");
  fits.needs.space = {{"/", 1}};
  shop.first_run(shop.add(fits));
  shop.step();
  CHECK(shop.started() == Lines{"b"});
  CHECK(shop.run("a").state == model::RunState::queued);
}
