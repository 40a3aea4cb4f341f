#include "exec/local.hpp"

#include "os/process.hpp"
#include "unit/exec/harness.hpp"

#include <doctest/doctest.h>

#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <csignal>

using namespace sched;
using namespace sched::test;
using Kind = model::Ending::Kind;
using Cause = model::Ending::Cause;
using Step = model::Ending::Step;

TEST_CASE("an exit code and a signal come back as they were") {
  Harness harness;
  const auto& store = harness.store.path();
  CHECK(harness.run(shell(store, 1, "exit 0")).code == 0);
  const model::Ending seven = harness.run(shell(store, 2, "exit 7"));
  CHECK(seven.kind == Kind::exited);
  CHECK(seven.code == 7);
  CHECK(seven.cause == Cause::none);
  const model::Ending killed = harness.run(shell(store, 3, "kill -USR1 $$"));
  CHECK(killed.kind == Kind::signalled);
  CHECK(killed.code == SIGUSR1);
}

TEST_CASE("what can't be executed says where it failed") {
  Harness harness;
  const auto& store = harness.store.path();
  harness.store.write("plain", "no program");
  ::chmod((harness.store / "plain").c_str(), 0755);
  harness.store.write("not-executable", "#!/bin/sh\n");
  ::chmod((harness.store / "not-executable").c_str(), 0644);
  harness.store.write("bad.env", "this is no assignment\n");
  struct Row {
    const char* name;
    std::function<void(exec::Launch&)> change;
    Step step;
    int code;
  };
  std::int64_t run = 1;
  for (const Row& row : {
           Row{"missing program", [](auto& l) { l.argv = {"/no/such/program"}; }, Step::exec,
               ENOENT},
           Row{"not in PATH", [](auto& l) { l.argv = {"no-such-program"}; }, Step::exec, ENOENT},
           Row{"wrong format", [&](auto& l) { l.argv = {store / "plain"}; }, Step::exec, ENOEXEC},
           Row{"no permission", [&](auto& l) { l.argv = {store / "not-executable"}; }, Step::exec,
               EACCES},
           Row{"a directory", [](auto& l) { l.argv = {"/tmp"}; }, Step::exec, EACCES},
           Row{"missing directory", [](auto& l) { l.directory = "/no/such"; }, Step::directory,
               ENOENT},
           Row{"missing env file", [](auto& l) { l.env_file = "/no/such"; }, Step::env_file,
               ENOENT},
           Row{"bad env file", [](auto& l) { l.env_file = "bad.env"; }, Step::env_file, EINVAL},
           Row{"missing input", [](auto& l) { l.stdin_file = "/no/such"; }, Step::input, ENOENT},
       }) {
    CAPTURE(row.name);
    exec::Launch launch = launch_of(store, run++, {"/bin/true"});
    row.change(launch);
    const model::Ending ending = harness.run(launch);
    CHECK(ending.kind == Kind::not_executed);
    CHECK(ending.step == row.step);
    CHECK(ending.code == row.code);
  }
}

TEST_CASE("a command has exactly the environment, directory and umask it was given") {
  Harness harness;
  harness.store.write("more.env",
                      "# secrets\nexport TOKEN='a b'\nPATH=/usr/bin:/bin\nSCHED_RUN_ID=99\n");
  exec::Launch launch = launch_of(harness.store.path(), 1, {"env"});
  launch.env_file = "more.env";
  CHECK(harness.run(launch).code == 0);
  CHECK(harness.output(1) == "PATH=/usr/bin:/bin\nSCHED_STORE=" + harness.store.path().string() +
                                 "\nSCHED_RUN_ID=1\nSCHED_ATTEMPT=1\nSCHED_SLOT=1\nTOKEN=a b\n");
  exec::Launch where =
      shell(harness.store.path(), 2, "pwd; umask; ulimit -n; ls /proc/self/fd | wc -l");
  where.umask = 027;
  where.limits.open_files = 77;
  CHECK(harness.run(where).code == 0);
  // Descriptors: three, and the one that ls itself opened.
  CHECK(harness.output(2) == harness.store.path().string() + "\n0027\n77\n4\n");
}

TEST_CASE("standard input is a text of any length, a file, or empty") {
  Harness harness;
  const auto& store = harness.store.path();
  exec::Launch large = launch_of(store, 1, {"wc", "-c"});
  large.stdin_text = std::string(3'000'000, 'x');
  CHECK(harness.run(large).code == 0);
  CHECK(harness.output(1) == "3000000\n");
  harness.store.write("input", "from a file");
  exec::Launch file = launch_of(store, 2, {"cat"});
  file.stdin_file = "input";
  CHECK(harness.run(file).code == 0);
  CHECK(harness.output(2) == "from a file");
  CHECK(harness.run(launch_of(store, 3, {"cat"})).code == 0);
  CHECK(harness.output(3).empty());
}

TEST_CASE("both outputs share a log unless they are split") {
  Harness harness;
  const std::string text = "echo one; echo two >&2; echo three";
  CHECK(harness.run(shell(harness.store.path(), 1, text)).log_bytes == 14);
  CHECK(harness.output(1) == "one\ntwo\nthree\n");
  exec::Launch split = shell(harness.store.path(), 2, text);
  split.split_output = true;
  CHECK(harness.run(split).log_bytes == 14);
  CHECK(harness.output(2) == "one\nthree\n");
  CHECK(harness.output(2, exec::Stream::err) == "two\n");
  struct stat info {};
  REQUIRE(::stat((harness.store / "logs/0/2.1.err").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
  REQUIRE(::stat((harness.store / "logs/0").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0700);
}

TEST_CASE("a log keeps to its cap and counts what was dropped to the byte") {
  Harness harness;
  exec::Launch launch = shell(harness.store.path(), 1, "yes 0123456 | head -c 10000000; echo end");
  launch.log_limit_bytes = 65536;
  const model::Ending ending = harness.run(launch);
  const std::string kept = harness.output(1);
  CHECK(ending.log_bytes == 10'000'004);
  CHECK(kept.size() <= 65536);
  CHECK(kept.size() >= 3 * 65536 / 4);
  CHECK(ending.dropped_bytes == ending.log_bytes - kept.size());
  CHECK(kept.substr(0, 8) == "0123456\n");
  CHECK(kept.substr(kept.size() - 4) == "end\n");
}

TEST_CASE("a command that ignores SIGTERM is killed after its grace, with all it started") {
  Harness harness;
  exec::Launch launch = shell(harness.store.path(), 1,
                              "trap '' TERM; (trap '' TERM; sleep 1000) & sleep 1001 & "
                              "kill -STOP $$; wait");
  launch.timeout = std::chrono::milliseconds(200);
  launch.grace_kill = std::chrono::milliseconds(300);
  const auto begun = os::monotonic_now();
  const model::Ending ending = harness.run(launch);
  CHECK(ending.cause == Cause::timeout);
  CHECK(ending.kind == Kind::signalled);
  CHECK(ending.code == SIGKILL);
  CHECK(os::monotonic_now() - begun < std::chrono::milliseconds(1500));
  CHECK(eventually([&] { return marked_processes(harness.store.path(), 1) == 0; },
                   std::chrono::seconds(1)));
}

TEST_CASE("a timeout is the cause even where the command then ends well by itself") {
  Harness harness;
  exec::Launch launch =
      shell(harness.store.path(), 1, "trap 'exit 0' TERM; while :; do sleep 0.05; done");
  launch.timeout = std::chrono::milliseconds(200);
  const model::Ending ending = harness.run(launch);
  CHECK(ending.cause == Cause::timeout);
  CHECK(ending.kind == Kind::exited);
  CHECK(ending.code == 0);
}

TEST_CASE("silence for too long ends an attempt, and output puts it off") {
  Harness harness;
  exec::Launch launch = shell(harness.store.path(), 1,
                              "for i in 1 2 3 4 5 6; do echo $i; sleep 0.1; done; sleep 1000");
  launch.idle_timeout = std::chrono::milliseconds(400);
  const model::Ending ending = harness.run(launch);
  CHECK(ending.cause == Cause::idle_timeout);
  CHECK(harness.output(1) == "1\n2\n3\n4\n5\n6\n");
}

TEST_CASE("cancelling says so, and what is over is passed over") {
  Harness harness;
  const exec::Launch launch = shell(harness.store.path(), 1, "echo up; sleep 1000");
  harness.executor.start({launch}, 64);
  REQUIRE(eventually([&] { return harness.output(1) == "up\n"; }));
  harness.executor.cancel(launch.claim, Cause::cancelled);
  harness.executor.cancel(launch.claim, Cause::shutdown);
  const auto ends = wait_for(harness.executor, 1);
  REQUIRE(ends.size() == 1);
  CHECK(ends.at(launch.claim).cause == Cause::cancelled);
  CHECK(ends.at(launch.claim).code == SIGTERM);
  harness.executor.cancel(launch.claim, Cause::cancelled);
  CHECK(harness.run(shell(harness.store.path(), 2, "exit 3")).code == 3);
}

TEST_CASE("what a command leaves behind is ended, wherever it went, and holds up nothing") {
  Harness harness;
  struct Row {
    const char* name;
    const char* text;
  };
  std::int64_t run = 1;
  for (const Row& row :
       {Row{"in the group", "sleep 1000 & echo done"},
        Row{"double fork into a session", "(setsid sh -c 'sleep 1000; :' &) ; echo done"},
        Row{"deaf to SIGTERM",
            "(setsid sh -c 'trap \"\" TERM; touch deaf; while :; do sleep 1000; done' &); "
            "until [ -e deaf ]; do sleep 0.01; done; echo done"},
        Row{"two deep",
            "setsid sh -c 'setsid sleep 1000 & setsid sleep 1001 & wait' & echo done"}}) {
    CAPTURE(row.name);
    exec::Launch launch = shell(harness.store.path(), run, row.text);
    launch.grace_kill = std::chrono::milliseconds(300);
    const auto begun = os::monotonic_now();
    const model::Ending ending = harness.run(launch);
    CHECK(ending.code == 0);
    CHECK(ending.kind == Kind::exited);
    CHECK(os::monotonic_now() - begun < std::chrono::milliseconds(300));
    CHECK(harness.output(run) == "done\n");
    CHECK(eventually([&] { return marked_processes(harness.store.path(), run) == 0; },
                     std::chrono::seconds(3)));
    ++run;
  }
}

TEST_CASE("an orphan of a run that still runs is left alone") {
  Harness harness;
  const auto begun = os::monotonic_now();
  harness.executor.start(
      {shell(harness.store.path(), 1, "(setsid sh -c 'sleep 0.5; echo daemon' &); sleep 1"),
       shell(harness.store.path(), 2, "sleep 0.1")},
      64);
  const auto ends = wait_for(harness.executor, 2);
  CHECK(ends.size() == 2);
  CHECK(harness.output(1) == "daemon\n");
  CHECK(os::monotonic_now() - begun < std::chrono::seconds(3));
}

TEST_CASE("an attempt that hit its own limit says which") {
  Harness harness;
  const auto& store = harness.store.path();
  exec::Launch cpu = shell(store, 1, "while :; do :; done");
  cpu.limits.cpu_s = 1;
  CHECK(harness.run(cpu).cause == Cause::cpu_limit);
  exec::Launch file = shell(store, 2, "head -c 100000 /dev/zero > big");
  file.limits.file_size_bytes = 10'000;
  CHECK(harness.run(file).cause == Cause::file_size_limit);
  exec::Launch open =
      shell(store, 3, "exec 3</dev/null 4</dev/null 5</dev/null 6</dev/null; cat /dev/null");
  open.limits.open_files = 5;
  const model::Ending ending = harness.run(open);
  CHECK(ending.code != 0);
  CHECK((ending.cause == Cause::open_files_limit || ending.cause == Cause::none));
  exec::Launch memory =
      launch_of(store, 4, {"dd", "if=/dev/zero", "of=/dev/null", "bs=512M", "count=1"});
  memory.limits.memory_bytes = 64U << 20U;
  const model::Ending exhausted = harness.run(memory);
  CAPTURE(harness.output(4));
  CHECK(exhausted.cause == Cause::memory_limit);
}

TEST_CASE("a thousand short commands end, each once") {
  Harness harness;
  constexpr std::size_t k_count = 1000;
  std::vector<exec::Launch> launches;
  for (std::size_t i = 1; i <= k_count; ++i) {
    launches.push_back(
        launch_of(harness.store.path(), static_cast<std::int64_t>(i), {"/bin/true"}));
  }
  const auto begun = std::chrono::steady_clock::now();
  harness.executor.start(launches, k_count);
  const auto ends = wait_for(harness.executor, k_count);
  const auto took = std::chrono::steady_clock::now() - begun;
  CHECK(ends.size() == k_count);
  MESSAGE("us a run: " << std::chrono::duration_cast<std::chrono::microseconds>(took).count() /
                              static_cast<long>(k_count));
  std::vector<model::Claim> claims;
  for (const auto& [claim, ending] : ends) {
    CHECK(ending.kind == Kind::exited);
    CHECK(ending.code == 0);
    claims.push_back(claim);
  }
  harness.executor.forget(claims);
}
