#include "os/mount.hpp"
#include "unit/exec/other_worker.hpp"

using namespace sched;
using namespace sched::test;
using Kind = model::Ending::Kind;
using Cause = model::Ending::Cause;

TEST_CASE("after kill -9 of a worker the next one finds what runs and what has ended") {
  TempDir store;
  const auto& path = store.path();
  OtherWorker other(path, 1, [&](exec::LocalExecutor& executor) {
    executor.start({shell(path, 1, "echo up; while ! [ -e go ]; do sleep 0.01; done; exit 5"),
                    shell(path, 2, "exit 3")},
                   64);
    eventually([&] { return log_of(path, 1) == "up\n"; });
    eventually([&] { return !executor.poll().empty(); });
  });
  other.kill();
  exec::LocalExecutor executor(places_in(path));
  const auto rosters = executor.take_over();
  REQUIRE(rosters.size() == 1);
  CHECK(rosters[0].alive);
  CHECK(rosters[0].launcher == model::LauncherId(1));
  REQUIRE(rosters[0].running.size() == 1);
  CHECK(rosters[0].running[0] == claim_of(1));
  REQUIRE(rosters[0].ended.size() == 1);
  CHECK(rosters[0].ended[0].claim == claim_of(2));
  CHECK(rosters[0].ended[0].ending.code == 3);
  CHECK(executor.current() == model::LauncherId(1));
  CHECK(executor.take_over().empty());
  executor.forget({claim_of(2)});
  store.write("go", "");
  const auto ends = wait_for(executor, 1);
  REQUIRE(ends.count(claim_of(1)) == 1);
  CHECK(ends.at(claim_of(1)).code == 5);
  executor.forget({claim_of(1)});
  executor.close();
  CHECK_FALSE(std::filesystem::exists(store / "launchers/1"));
}

TEST_CASE("a launcher whose worker is dead keeps time, ends by itself, and its journal tells") {
  TempDir store;
  const auto& path = store.path();
  OtherWorker other(path, 1, [&](exec::LocalExecutor& executor) {
    exec::Launch launch = shell(path, 1, "echo up; sleep 1000");
    launch.timeout = std::chrono::milliseconds(300);
    executor.start({launch}, 64);
    eventually([&] { return log_of(path, 1) == "up\n"; });
  });
  const pid_t launcher = launcher_pid(path, 1);
  other.kill();
  REQUIRE(eventually([&] {
    const auto stat = os::process_stat(launcher);
    return !stat.has_value() || stat->dead();
  }));
  exec::LocalExecutor executor(places_in(path));
  const auto rosters = executor.take_over();
  REQUIRE(rosters.size() == 1);
  CHECK_FALSE(rosters[0].alive);
  CHECK(rosters[0].running.empty());
  REQUIRE(rosters[0].ended.size() == 1);
  CHECK(rosters[0].ended[0].ending.cause == Cause::timeout);
  CHECK(rosters[0].ended[0].ending.log_bytes == 3);
  CHECK_FALSE(executor.current());
  executor.discard(model::LauncherId(1));
  CHECK_FALSE(std::filesystem::exists(store / "launchers/1"));
  CHECK(executor.take_over().empty());
}

TEST_CASE("after kill -9 of the launcher its running attempts are lost and leave nothing") {
  Harness harness;
  const auto& path = harness.store.path();
  CHECK(harness.run(shell(path, 9, "exit 0")).code == 0);
  harness.executor.start({shell(path, 1,
                                "(setsid sh -c 'trap \"\" TERM; while :; do sleep 1000; done' &); "
                                "setsid sleep 1001 & echo up; sleep 1002"),
                          shell(path, 2, "exit 4")},
                         64);
  REQUIRE(wait_for(harness.executor, 1).size() == 1);
  REQUIRE(eventually([&] { return harness.output(1) == "up\n"; }));
  signal_launcher(path, 1, SIGKILL);
  REQUIRE(eventually([&] {
    harness.executor.poll();
    return harness.executor.launcher_died();
  }));
  CHECK_FALSE(harness.executor.current());
  const auto rosters = harness.executor.take_over();
  REQUIRE(rosters.size() == 1);
  CHECK_FALSE(rosters[0].alive);
  REQUIRE(rosters[0].running.size() == 1);
  CHECK(rosters[0].running[0] == claim_of(1));
  REQUIRE(rosters[0].ended.size() == 1);
  CHECK(rosters[0].ended[0].claim == claim_of(2));
  CHECK(marked_processes(path, 1) == 0);
  harness.executor.discard(model::LauncherId(1));
  CHECK_FALSE(harness.executor.launcher_died());
  harness.executor.open(model::LauncherId(2));
  CHECK(harness.run(shell(path, 3, "exit 6")).code == 6);
}

TEST_CASE("starts that a dead worker left with a stopped launcher are carried out and told") {
  TempDir store;
  const auto& path = store.path();
  OtherWorker other(path, 1, [&](exec::LocalExecutor& executor) {
    executor.start({shell(path, 100, "echo up")}, 64);
    eventually([&] { return !executor.poll().empty(); });
    ::kill(launcher_pid(path, 1), SIGSTOP);
    std::vector<exec::Launch> launches;
    for (std::int64_t run = 1; run <= 50; ++run) {
      launches.push_back(shell(path, run, "while ! [ -e go ]; do sleep 0.05; done; exit 2"));
    }
    executor.start(launches, 64);
  });
  other.kill();
  exec::LocalExecutor executor(places_in(path));
  const auto begun = os::monotonic_now();
  CHECK(executor.take_over().empty());
  CHECK(os::monotonic_now() - begun < std::chrono::milliseconds(1000));
  signal_launcher(path, 1, SIGCONT);
  std::vector<exec::Roster> rosters;
  REQUIRE(eventually([&] {
    pollfd wake{executor.wake_fd(), POLLIN, 0};
    ::poll(&wake, 1, 1000);
    executor.poll();
    rosters = executor.take_over();
    return !rosters.empty();
  }));
  CHECK(rosters[0].alive);
  CHECK(rosters[0].running.size() == 50);
  REQUIRE(rosters[0].ended.size() == 1);
  store.write("go", "");
  const auto ends = wait_for(executor, 50);
  CHECK(ends.size() == 50);
  std::vector<model::Claim> claims{claim_of(100)};
  for (const auto& [claim, ending] : ends) {
    CHECK(ending.code == 2);
    claims.push_back(claim);
  }
  executor.forget(claims);
  executor.close();
}

TEST_CASE("a living worker is left alone, and taken over when it dies") {
  TempDir store;
  const auto& path = store.path();
  OtherWorker other(path, 1, [&](exec::LocalExecutor& executor) {
    executor.start({shell(path, 1, "sleep 1000")}, 64);
  });
  exec::LocalExecutor executor(places_in(path));
  CHECK(executor.take_over().empty());
  executor.open(model::LauncherId(2));
  pollfd wake{executor.wake_fd(), POLLIN, 0};
  CHECK(::poll(&wake, 1, 50) == 0);
  other.kill();
  REQUIRE(::poll(&wake, 1, 5000) == 1);
  executor.poll();
  CHECK(executor.take_over_is_due());
  const auto rosters = executor.take_over();
  REQUIRE(rosters.size() == 1);
  CHECK(rosters[0].alive);
  CHECK(rosters[0].running.size() == 1);
  CHECK(executor.current() == model::LauncherId(2));
  executor.cancel(claim_of(1), Cause::cancelled);
  const auto ends = wait_for(executor, 1);
  REQUIRE(ends.size() == 1);
  CHECK(ends.at(claim_of(1)).cause == Cause::cancelled);
  executor.forget({claim_of(1)});
  executor.close();
}

TEST_CASE("worker and launcher killed at once lose what ran and nothing that ended") {
  TempDir store;
  const auto& path = store.path();
  for (std::int64_t round = 1; round <= 5; ++round) {
    OtherWorker other(path, round, [&](exec::LocalExecutor& executor) {
      executor.start(
          {shell(path, round * 10, "echo up; sleep 1000"), shell(path, round * 10 + 1, "exit 1")},
          64);
      eventually([&] { return !executor.poll().empty(); });
      eventually([&] { return log_of(path, round * 10) == "up\n"; });
    });
    signal_launcher(path, round, SIGKILL);
    other.kill();
    exec::LocalExecutor executor(places_in(path));
    const auto rosters = executor.take_over();
    REQUIRE(rosters.size() == 1);
    CHECK_FALSE(rosters[0].alive);
    CHECK(rosters[0].running.size() == 1);
    CHECK(rosters[0].ended.size() == 1);
    CHECK(marked_processes(path, round * 10) == 0);
    executor.discard(model::LauncherId(round));
  }
}

TEST_CASE(
    "a journal is believed to be whole where it says so, or the launcher died before our eyes") {
  TempDir store;
  const auto& path = store.path();
  const auto dead = [&](model::LauncherId id) {
    const auto stat = os::process_stat(launcher_pid(path, static_cast<int>(id.value)));
    return !stat.has_value() || stat->dead();
  };
  OtherWorker idle(path, 1, [](exec::LocalExecutor&) {});
  OtherWorker busy(path, 2, [&](exec::LocalExecutor& executor) {
    executor.start({shell(path, 1, "echo up; sleep 1000")}, 64);
    eventually([&] { return log_of(path, 1) == "up\n"; });
  });
  OtherWorker watched(path, 3, [](exec::LocalExecutor&) {});
  idle.kill();
  REQUIRE(eventually([&] { return dead(model::LauncherId(1)); }));
  signal_launcher(path, 2, SIGKILL);
  busy.kill();
  REQUIRE(eventually([&] { return dead(model::LauncherId(2)); }));
  exec::LocalExecutor executor(places_in(path));
  const auto before = executor.take_over();
  REQUIRE(before.size() == 2);
  CHECK(before[0].whole);
  // Known only where the kernel tells mounts apart.
  const os::UniqueFd journal = os::open_private(path / "launchers/2/journal", O_RDONLY);
  CHECK(before[1].whole == (os::mount_id(journal.get()) != 0));
  signal_launcher(path, 3, SIGKILL);
  watched.kill();
  REQUIRE(eventually([&] {
    executor.poll();
    return executor.take_over_is_due();
  }));
  const auto after = executor.take_over();
  REQUIRE(after.size() == 3);
  CHECK(after[2].launcher == model::LauncherId(3));
  CHECK(after[2].whole);
}
