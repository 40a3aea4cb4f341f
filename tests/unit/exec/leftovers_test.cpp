// Processes that wiped their environment and left their session, so that neither mark nor session
// tells whose they are.
#include "os/cgroup.hpp"
#include "unit/exec/harness.hpp"
#include "unit/exec/other_worker.hpp"

#include <doctest/doctest.h>

#include <csignal>

using namespace sched;
using namespace sched::test;

namespace {

const std::string k_hide = "env -i setsid sleep ";

}  // namespace

TEST_CASE("a leftover without a mark goes when no attempt is left that began before it") {
  Harness harness;
  const auto& store = harness.store.path();
  harness.executor.start(
      {shell(store, 1,
             "(" + k_hide + "7770010 >/dev/null 2>&1 &); while ! [ -e end ]; do sleep 0.01; done")},
      64);
  REQUIRE(eventually([] { return sleeping("7770010") == 1; }));
  ::poll(nullptr, 0, 50);  // Births are told in hundredths of a second.
  // Another attempt began later: it can't have left that.
  harness.executor.start({shell(store, 2, "echo up; sleep 1000")}, 64);
  REQUIRE(eventually([&] { return harness.output(2) == "up\n"; }));
  CHECK(sleeping("7770010") == 1);
  harness.store.write("end", "");
  CHECK(eventually([] { return sleeping("7770010") == 0; }, std::chrono::seconds(8)));
  harness.executor.cancel(claim_of(2), model::Ending::Cause::cancelled);
  CHECK(wait_for(harness.executor, 2).size() >= 1);
}

TEST_CASE("a leftover that an older attempt may own is left alone while that one runs") {
  Harness harness;
  const auto& store = harness.store.path();
  harness.executor.start({shell(store, 1, "echo up; while ! [ -e end ]; do sleep 0.01; done")}, 64);
  REQUIRE(eventually([&] { return harness.output(1) == "up\n"; }));
  harness.executor.start({shell(store, 2, "(" + k_hide + "7770011 >/dev/null 2>&1 &); sleep 0.1")},
                         64);
  REQUIRE(wait_for(harness.executor, 1).size() == 1);
  CHECK(sleeping("7770011") == 1);
  ::poll(nullptr, 0, 2500);  // Longer than an unknown one is given once it is known to be over.
  CHECK(sleeping("7770011") == 1);
  harness.store.write("end", "");
  CHECK(eventually([] { return sleeping("7770011") == 0; }, std::chrono::seconds(8)));
}

TEST_CASE("where there are cgroups, a leftover without a mark dies with its launcher too") {
  TempDir store;
  const auto& path = store.path();
  OtherWorker other(path, 1, [&](exec::LocalExecutor& executor) {
    executor.start({shell(path, 1, k_hide + "10.77712 >/dev/null 2>&1 & echo up; sleep 1000")}, 64);
    eventually([&] { return log_of(path, 1) == "up\n"; });
  });
  REQUIRE(eventually([] { return sleeping("10.77712") == 1; }));
  const std::filesystem::path cgroup = TempDir::read(store / "launchers/1/cgroup");
  const pid_t launcher = launcher_pid(path, 1);
  other.kill();
  ::kill(launcher, SIGKILL);
  exec::LocalExecutor executor(places_in(path));
  REQUIRE(executor.take_over().size() == 1);
  if (cgroup.empty()) {
    MESSAGE("no cgroup of our own here");  // And so it lives on: ten seconds more.
    return;
  }
  CHECK(sleeping("10.77712") == 0);
  executor.discard(model::LauncherId(1));
  CHECK_FALSE(std::filesystem::exists(cgroup));
}

TEST_CASE("a launcher that ends in good order leaves no cgroup") {
  TempDir store;
  std::filesystem::path cgroup;
  {
    exec::LocalExecutor executor(places_in(store.path()));
    executor.open(model::LauncherId(1));
    executor.start({launch_of(store.path(), 1, {"/bin/true"})}, 64);
    const auto ends = wait_for(executor, 1);
    REQUIRE(ends.size() == 1);
    cgroup = TempDir::read(store / "launchers/1/cgroup");
    executor.forget({ends.begin()->first});
    executor.close();
  }
  CHECK_FALSE(std::filesystem::exists(store / "launchers/1"));
  CHECK((cgroup.empty() || !std::filesystem::exists(cgroup)));
}
