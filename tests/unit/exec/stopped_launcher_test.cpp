#include "unit/exec/other_worker.hpp"

using namespace sched;
using namespace sched::test;
using Kind = model::Ending::Kind;
using Cause = model::Ending::Cause;

TEST_CASE("a stopped launcher never makes its worker wait") {
  Harness harness;
  const auto& path = harness.store.path();
  signal_launcher(path, 1, SIGSTOP);
  std::vector<exec::Launch> launches;
  for (std::int64_t run = 1; run <= 100; ++run) {
    launches.push_back(launch_of(path, run, {"wc", "-c"}));
    launches.back().stdin_text = std::string(100'000, 'x');
  }
  const auto begun = os::monotonic_now();
  harness.executor.start(launches, 64);
  CHECK(harness.executor.poll().empty());
  CHECK(harness.executor.take_over().empty());
  // One that waited for an answer would do so for two seconds.
  CHECK(os::monotonic_now() - begun < std::chrono::milliseconds(1500));
  signal_launcher(path, 1, SIGCONT);
  CHECK(wait_for(harness.executor, 100).size() == 100);
  CHECK(harness.output(100) == "100000\n");
}

TEST_CASE("a worker that does not listen never makes its launcher wait") {
  Harness harness;
  const auto& path = harness.store.path();
  std::vector<exec::Launch> launches;
  for (std::int64_t run = 1; run <= 2000; ++run) {
    launches.push_back(launch_of(path, run, {"/no/such/program"}));
  }
  launches.push_back(shell(path, 3000, "echo last"));
  std::size_t handed = 0;
  // In pieces that its socket takes, without reading an answer.
  for (auto& launch : launches) {
    harness.executor.start({launch}, 64);
    ++handed;
  }
  CHECK(handed == launches.size());
  std::map<model::Claim, model::Ending> ends;
  ends = wait_for(harness.executor, launches.size());
  CHECK(ends.size() == launches.size());
  CHECK(harness.output(3000) == "last\n");
}

TEST_CASE("what an earlier boot left is lost, and no process of this one is signalled for it") {
  TempDir store;
  os::make_private_directory(store / "launchers");
  os::make_private_directory(store / "launchers/1");
  store.write("launchers/1/worker", "1 1 1\n");
  ::chmod((store / "launchers/1/worker").c_str(), 0600);
  const pid_t innocent = ::fork();
  if (innocent == 0) {
    ::pause();
    ::_exit(0);
  }
  {
    exec::Journal journal(exec::Journal::create(store / "launchers/1/journal",
                                                {model::LauncherId(1), "another boot", 12345}));
    exec::Journal::Entry entry;
    entry.claim = claim_of(1);
    entry.pid = innocent;
    entry.start_ticks = os::process_stat(innocent)->start_ticks;
    REQUIRE(journal.begin(entry).has_value());
  }
  exec::LocalExecutor executor(places_in(store.path()));
  const auto rosters = executor.take_over();
  REQUIRE(rosters.size() == 1);
  CHECK_FALSE(rosters[0].alive);
  CHECK(rosters[0].running == std::vector<model::Claim>{claim_of(1)});
  CHECK(::waitpid(innocent, nullptr, WNOHANG) == 0);
  ::kill(innocent, SIGKILL);
  ::waitpid(innocent, nullptr, 0);
}

TEST_CASE("a directory that was made half-way by a dead worker is no obstacle") {
  TempDir store;
  os::make_private_directory(store / "launchers");
  os::make_private_directory(store / "launchers/.new-1");
  store.write("launchers/.new-1/worker", "");
  os::make_private_directory(store / "launchers/.new-2");
  os::make_private_directory(store / "launchers/7");
  store.write("launchers/7/worker", "");
  exec::LocalExecutor executor(places_in(store.path()));
  const auto rosters = executor.take_over();
  REQUIRE(rosters.size() == 1);
  CHECK(rosters[0].launcher == model::LauncherId(7));
  CHECK_FALSE(rosters[0].alive);
  CHECK(rosters[0].running.empty());
  CHECK_FALSE(std::filesystem::exists(store / "launchers/.new-1"));
  CHECK_FALSE(std::filesystem::exists(store / "launchers/.new-2"));
}
