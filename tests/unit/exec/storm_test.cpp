#include "exec/local.hpp"
#include "unit/exec/harness.hpp"

#include <doctest/doctest.h>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <map>
#include <set>
#include <sstream>

using namespace sched;
using namespace sched::test;

namespace {

/// How often each run told that it began, or ended.
std::map<std::int64_t, int> told(const std::filesystem::path& history, char what) {
  std::map<std::int64_t, int> counts;
  std::istringstream lines(TempDir::read(history));
  char letter = 0;
  std::int64_t run = 0;
  while (lines >> letter >> run) {
    counts[run] += letter == what ? 1 : 0;
  }
  return counts;
}

exec::Launch told_launch(const std::filesystem::path& store, std::int64_t run) {
  const std::string number = std::to_string(run);
  return shell(store, run,
               "echo S " + number + " >> history; sleep 0.0" + std::to_string(run % 7) +
                   "; echo E " + number + " >> history");
}

}  // namespace

TEST_CASE("a storm of kill -9 on workers starts nothing twice and loses no end") {
  TempDir store;
  const auto& path = store.path();
  constexpr std::int64_t k_rounds = 30;
  constexpr std::int64_t k_most_rounds = 300;
  constexpr std::int64_t k_each = 20;
  std::set<std::int64_t> ended;
  std::int64_t next_launcher = 1;
  const auto enough = [&] { return told(path / "history", 'S').size() > 20; };
  for (std::int64_t round = 0; round < k_rounds || (round < k_most_rounds && !enough()); ++round) {
    const std::int64_t launcher = next_launcher++;
    const pid_t worker = ::fork();
    if (worker == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      exec::LocalExecutor executor(places_in(path));
      executor.take_over();
      if (!executor.current()) {
        executor.open(model::LauncherId(launcher));
      }
      for (std::int64_t i = 0; i < k_each; ++i) {
        executor.start({told_launch(path, 1 + round * k_each + i)}, 64);
      }
      for (;;) {
        ::pause();
      }
    }
    // On a slow machine a worker needs longer before it has said anything.
    const std::int64_t patience = 1 + round / k_rounds;
    ::usleep(static_cast<useconds_t>(1000 * patience * (5 + round * 7 % 40)));
    ::kill(worker, SIGKILL);
    ::waitpid(worker, nullptr, 0);
  }
  std::set<std::int64_t> running;
  exec::LocalExecutor executor(places_in(path));
  REQUIRE(eventually([&] {
    for (const exec::Ended& one : executor.poll()) {
      CHECK(one.ending.code == 0);
      running.erase(one.claim.run.value);
      ended.insert(one.claim.run.value);
    }
    for (const exec::Roster& roster : executor.take_over()) {
      CHECK((roster.alive || roster.running.empty()));
      for (const model::Claim& claim : roster.running) {
        running.insert(claim.run.value);
      }
      for (const exec::Ended& one : roster.ended) {
        CHECK(one.ending.kind == model::Ending::Kind::exited);
        CHECK(ended.insert(one.claim.run.value).second);
      }
      if (!roster.alive) {
        executor.discard(roster.launcher);
      }
    }
    return running.empty() && !executor.take_over_is_due();
  }));
  const auto started = told(path / "history", 'S');
  const auto finished = told(path / "history", 'E');
  CHECK(started.size() == ended.size());
  for (const auto& begun : started) {
    const auto& run = begun.first;  // no structured binding: CAPTURE's lambda can't take it
    CAPTURE(run);
    CHECK(begun.second == 1);
    CHECK(ended.count(run) == 1);
    CHECK(finished.at(run) == 1);
  }
  CHECK(started.size() > 20);
}

TEST_CASE("a storm of kill -9 on launchers loses only what ran, and leaves no process") {
  TempDir store;
  const auto& path = store.path();
  exec::LocalExecutor executor(places_in(path));
  std::map<std::int64_t, int> answers;
  std::set<std::int64_t> lost;
  std::int64_t run = 0;
  for (std::int64_t round = 1; round <= 20; ++round) {
    executor.open(model::LauncherId(round));
    std::set<model::Claim> out;
    std::vector<exec::Launch> launches;
    for (int i = 0; i < 15; ++i) {
      launches.push_back(told_launch(path, ++run));
      out.insert(launches.back().claim);
    }
    executor.start(launches, 64);
    ::usleep(static_cast<useconds_t>(1000 * (round * 7 % 40)));
    ::kill(executor.launcher_pid(), SIGKILL);
    REQUIRE(eventually([&] {
      for (const exec::Ended& one : executor.poll()) {
        answers[one.claim.run.value] += out.erase(one.claim) == 1 ? 1 : 0;
      }
      return executor.launcher_died();
    }));
    for (const exec::Roster& roster : executor.take_over()) {
      CHECK(roster.launcher == model::LauncherId(round));
      CHECK_FALSE(roster.alive);
      for (const exec::Ended& one : roster.ended) {
        out.erase(one.claim);
      }
      for (const model::Claim& claim : roster.running) {
        CHECK(out.erase(claim) == 1);
        lost.insert(claim.run.value);
        CHECK(marked_processes(path, claim.run.value) == 0);
      }
      executor.discard(roster.launcher);
    }
    // What is told by nobody never began.
    const auto started = told(path / "history", 'S');
    for (const model::Claim& claim : out) {
      CHECK(started.count(claim.run.value) == 0);
    }
  }
  for (const auto& [number, count] : told(path / "history", 'S')) {
    CHECK(count == 1);
  }
}
