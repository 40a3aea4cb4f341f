#include "exec/file_locks.hpp"
#include "os/cpu_binding.hpp"
#include "os/lock.hpp"
#include "unit/exec/harness.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <string>

using namespace sched;
using namespace sched::test;
using namespace std::chrono_literals;
using Cause = model::Ending::Cause;
using Kind = model::Ending::Kind;
using Step = model::Ending::Step;

namespace {

/// Holds so many megabytes until it is ended.
std::string eater(int megabytes) {
  return "python3 -c 'import time; x = bytearray(" + std::to_string(megabytes) +
         " << 20); time.sleep(600)'";
}

}  // namespace

TEST_CASE("memory is that of all processes of an attempt, wherever they hide") {
  Harness harness;
  struct Row {
    const char* what;
    std::string text;
    std::int64_t processes;
  };
  for (const Row& row : std::vector<Row>{
           {"below each other", eater(60) + " & " + eater(60) + " & wait", 3},
           {"in a session of its own", "setsid " + eater(60) + " & " + eater(60), 2},
           // It is nobody's child any more but the launcher's, and has left session and group.
           {"an orphan", "(setsid " + eater(120) + " &) ; sleep 600", 2}}) {
    CAPTURE(row.what);
    static std::int64_t run = 0;
    exec::Launch launch = shell(harness.store.path(), ++run, row.text);
    launch.machine.max_rss_bytes = 100U << 20U;
    const model::Ending ending = harness.run(launch);
    CHECK(ending.cause == Cause::rss_limit);
    CHECK(ending.measured > 98 << 20);
    CHECK(ending.measured < 300 << 20);
    // None where there are cgroups: then the kernel holds the limit.
    CHECK((ending.processes == 0 || ending.processes >= row.processes));
    CHECK(eventually([&] { return marked_processes(harness.store.path(), run) == 0; }));
  }
}

TEST_CASE("what stays below its limit, or has none, is left alone") {
  Harness harness;
  exec::Launch launch = shell(harness.store.path(), 1, "sleep 0.6; exit 3");
  launch.machine.max_rss_bytes = 500U << 20U;
  launch.machine.max_cpu_time = 1h;
  const model::Ending ending = harness.run(launch);
  CHECK(ending.kind == Kind::exited);
  CHECK(ending.code == 3);
  CHECK(ending.cause == Cause::none);
  CHECK(ending.processes == 0);
}

TEST_CASE("CPU time is that of all, those that are over included") {
  Harness harness;
  const std::string burn = "python3 -c 'import time\nwhile time.process_time() < 0.4: pass'";
  struct Row {
    const char* what;
    std::string text;
  };
  for (const Row& row : std::vector<Row>{
           {"side by side", "while :; do :; done & while :; do :; done"},
           {"one after the other", "while :; do " + burn + "; done"},
           {"orphans that die", "while :; do (setsid " + burn + " &); sleep 0.5; done"}}) {
    CAPTURE(row.what);
    static std::int64_t run = 100;
    exec::Launch launch = shell(harness.store.path(), ++run, row.text);
    launch.machine.max_cpu_time = 1200ms;
    launch.timeout = 25s;
    const model::Ending ending = harness.run(launch);
    CHECK(ending.cause == Cause::cpu_time_limit);
    CHECK(ending.measured >= 1200);
  }
}

TEST_CASE("a contained attempt is watched without the init that is ours") {
  Harness harness;
  exec::Launch launch = shell(harness.store.path(), 1, eater(120) + " & wait");
  launch.contain = true;
  launch.machine.max_rss_bytes = 100U << 20U;
  const model::Ending ending = harness.run(launch);
  CHECK(ending.cause == Cause::rss_limit);
  CHECK((ending.processes == 0 || ending.processes == 2));
}

TEST_CASE("it is bound to its CPUs before it executes, or does not execute") {
  Harness harness;
  const int last = os::own_cpus().back();
  const std::string out = harness.store.path() / "cpus";
  exec::Launch launch =
      shell(harness.store.path(), 1, "grep Cpus_allowed_list /proc/self/status >" + out);
  launch.machine.cpus = {last};
  CHECK(harness.run(launch).code == 0);
  CHECK(*os::read_file(out, 100) == "Cpus_allowed_list:\t" + std::to_string(last) + "\n");
  for (const std::vector<int>& cpus : {std::vector<int>{8191}, std::vector<int>{last, 8191}}) {
    static std::int64_t run = 10;
    launch.claim.run = model::RunId(++run);
    launch.machine.cpus = cpus;
    const model::Ending ending = harness.run(launch);
    CHECK(ending.kind == Kind::not_executed);
    CHECK(ending.step == Step::cpus);
    CHECK(ending.code == EINVAL);
  }
}

TEST_CASE("its I/O class is what was asked for") {
  Harness harness;
  const std::string out = harness.store.path() / "class";
  exec::Launch launch = shell(harness.store.path(), 1, "ionice -p $$ >" + out);
  launch.machine.io_class = model::IoClass{model::IoClass::Kind::best_effort, 6};
  CHECK(harness.run(launch).code == 0);
  CHECK(*os::read_file(out, 100) == "best-effort: prio 6\n");
}

TEST_CASE("the flocks of an attempt are held from before it executes to its end") {
  Harness harness;
  const std::string path = harness.store.path() / "x.lock";
  const os::UniqueFd outside = os::open_public_lock_file(path);
  exec::Launch launch =
      shell(harness.store.path(), 1, "ls -l /proc/self/fd >fds; >began; sleep 600");
  launch.flocks = {{path, false}};
  harness.executor.start({launch}, 4);
  REQUIRE(eventually([&] { return os::read_file(harness.store.path() / "began", 10).ok(); }));
  CHECK_FALSE(os::try_lock(outside.get()));
  harness.executor.cancel(launch.claim, Cause::cancelled);
  CHECK(wait_for(harness.executor, 1).size() == 1);
  CHECK(eventually([&] { return os::try_lock(outside.get()); }));
  // It inherited none of them.
  CHECK(os::read_file(harness.store.path() / "fds", 10'000)->find("x.lock") == std::string::npos);

  // Taken now: it has not begun, and is told at once.
  launch.claim.run = model::RunId(2);
  const model::Ending ending = harness.run(launch);
  CHECK(ending.kind == Kind::not_begun);
  CHECK(ending.step == Step::flock);
  CHECK(ending.code == EWOULDBLOCK);
}

TEST_CASE("locks are all taken or none, and shared ones go together") {
  TempDir directory;
  const std::string a = directory.path() / "a";
  const std::string b = directory.path() / "b";
  const exec::FileLocks holder = exec::take_file_locks({{b, true}});
  CHECK(holder.held.size() == 1);
  const exec::FileLocks refused = exec::take_file_locks({{a, false}, {b, false}});
  CHECK(refused.is_taken());
  CHECK(refused.held.empty());
  CHECK(exec::take_file_locks({{a, false}, {b, true}}).held.size() == 2);
  const exec::FileLocks lost = exec::take_file_locks({{directory.path() / "no/such", false}});
  REQUIRE(lost.failure.has_value());
  CHECK_FALSE(lost.is_taken());
  CHECK(lost.failure->code == ENOENT);
  CHECK(exec::take_file_locks({{directory.path(), false}}).held.size() == 1);  // A directory.
}
