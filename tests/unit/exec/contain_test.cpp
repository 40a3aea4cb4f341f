#include "exec/contain.hpp"

#include "os/process.hpp"
#include "unit/exec/harness.hpp"
#include "unit/exec/other_worker.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <csignal>

using namespace sched;
using namespace sched::test;
using Kind = model::Ending::Kind;
using Cause = model::Ending::Cause;
using Step = model::Ending::Step;

namespace {

exec::Launch contained(const std::filesystem::path& store, std::int64_t run,
                       const std::string& text) {
  exec::Launch launch = shell(store, run, text);
  launch.contain = true;
  launch.grace_kill = std::chrono::milliseconds(300);
  return launch;
}

/// Whether this machine gives us namespaces at all.
bool is_allowed() {
  Harness harness;
  const model::Ending ending = harness.run(contained(harness.store.path(), 1, "exit 0"));
  if (ending.kind == Kind::not_executed && ending.step == Step::contain) {
    MESSAGE("no namespaces here: errno " << ending.code);
    return false;
  }
  return true;
}

}  // namespace

TEST_CASE("a contained command is alone, is who it was, and its end is told as it was") {
  if (!is_allowed()) {
    return;
  }
  Harness harness;
  const auto& store = harness.store.path();
  exec::Launch launch = contained(
      store, 1, "ls -d /proc/[0-9]* | wc -l; id -u; id -g; ls /proc/self/fd | wc -l; exit 7");
  launch.limits.open_files = 64;
  const model::Ending ending = harness.run(launch);
  CHECK(ending.kind == Kind::exited);
  CHECK(ending.code == 7);
  CHECK(harness.output(1).find("\n" + std::to_string(::geteuid()) + "\n" +
                               std::to_string(::getegid()) + "\n4\n") != std::string::npos);
  CHECK(std::stoi(harness.output(1)) <= 5);
  const model::Ending killed = harness.run(contained(store, 2, "kill -USR1 $$"));
  CHECK(killed.kind == Kind::signalled);
  CHECK(killed.code == SIGUSR1);
  exec::Launch missing = contained(store, 3, "");
  missing.argv = {"/no/such/program"};
  const model::Ending unexecuted = harness.run(missing);
  CHECK(unexecuted.kind == Kind::not_executed);
  CHECK(unexecuted.step == Step::exec);
  CHECK(unexecuted.code == ENOENT);
}

TEST_CASE("SIGTERM reaches all that is contained, and SIGKILL ends it whole") {
  if (!is_allowed()) {
    return;
  }
  Harness harness;
  const auto& store = harness.store.path();
  exec::Launch polite =
      contained(store, 1,
                "(setsid sh -c 'trap \"echo far; exit\" TERM; while :; do sleep 0.01; done' &)\n"
                "trap 'sleep 0.2; echo near; exit 3' TERM; while :; do sleep 0.01; done");
  polite.timeout = std::chrono::milliseconds(300);
  polite.grace_kill = std::chrono::seconds(20);
  const model::Ending ending = harness.run(polite);
  CHECK(ending.cause == Cause::timeout);
  CHECK(ending.code == 3);
  CHECK(harness.output(1).find("far\n") != std::string::npos);
  CHECK(harness.output(1).find("near\n") != std::string::npos);
  exec::Launch stubborn = contained(
      store, 2,
      "trap '' TERM; env -i setsid sh -c 'sleep 7770001' & sleep 0.05; kill -STOP $$; wait");
  stubborn.timeout = std::chrono::milliseconds(300);
  const auto begun = os::monotonic_now();
  const model::Ending killed = harness.run(stubborn);
  CHECK(os::monotonic_now() - begun < std::chrono::seconds(2));
  CHECK(killed.cause == Cause::timeout);
  CHECK(killed.kind == Kind::signalled);
  CHECK(killed.code == SIGKILL);
  CHECK(sleeping("7770001") == 0);
}

TEST_CASE("nothing that was contained outlives its command, however it hides") {
  if (!is_allowed()) {
    return;
  }
  Harness harness;
  const model::Ending ending =
      harness.run(contained(harness.store.path(), 1,
                            "env -i setsid sh -c 'setsid sleep 7770002 & sleep 7770002' >/dev/null "
                            "2>&1 & sleep 0.1; echo done"));
  CHECK(ending.code == 0);
  CHECK(harness.output(1) == "done\n");
  CHECK(sleeping("7770002") == 0);
}

TEST_CASE("limits, usage and silence are told of a contained command too") {
  if (!is_allowed()) {
    return;
  }
  Harness harness;
  const auto& store = harness.store.path();
  exec::Launch cpu = contained(store, 1, "while :; do :; done");
  cpu.limits.cpu_s = 1;
  const model::Ending busy = harness.run(cpu);
  CHECK(busy.cause == Cause::cpu_limit);
  CHECK(busy.usage.user_us + busy.usage.system_us > 500'000);
  exec::Launch idle = contained(store, 2, "echo x; sleep 1000");
  idle.idle_timeout = std::chrono::milliseconds(200);
  CHECK(harness.run(idle).cause == Cause::idle_timeout);
  exec::Launch large =
      launch_of(store, 3, {"dd", "if=/dev/zero", "of=/dev/null", "bs=90M", "count=1"});
  large.contain = true;
  CHECK(harness.run(large).usage.max_rss_bytes > 80'000'000);
}

TEST_CASE("a contained command dies with its launcher, whole, before anybody looks") {
  if (!is_allowed()) {
    return;
  }
  TempDir store;
  const auto& path = store.path();
  OtherWorker other(path, 1, [&](exec::LocalExecutor& executor) {
    executor.start({contained(path, 1,
                              "env -i setsid sh -c 'sleep 7770003' >/dev/null 2>&1 & echo up; "
                              "sleep 1000")},
                   64);
    eventually([&] { return log_of(path, 1) == "up\n"; });
  });
  REQUIRE(eventually([] { return sleeping("7770003") > 0; }));
  const pid_t launcher = launcher_pid(path, 1);
  other.kill();
  ::kill(launcher, SIGKILL);
  CHECK(eventually([] { return sleeping("7770003") == 0; }, std::chrono::seconds(5)));
  exec::LocalExecutor executor(places_in(path));
  const auto rosters = executor.take_over();
  REQUIRE(rosters.size() == 1);
  CHECK(rosters[0].running.size() == 1);
  CHECK(rosters[0].strays.empty());
}
