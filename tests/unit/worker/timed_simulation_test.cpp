// Timed tasks under workers that die, stay away and come back, and clocks that jump: whatever
// happens, each firing has its row, and no row is of a firing that another has.
#include "unit/worker/timed_at_hand.hpp"

#include <map>
#include <memory>
#include <random>
#include <set>

using namespace sched;
using namespace std::chrono_literals;
using namespace sched::test;
using model::Overlap;

namespace {

constexpr auto k_period = 1min;

/// A store and a launcher that live on, and the workers of which one at a time is there.
struct Years : TimedShop {
  std::mt19937 random;
  std::unique_ptr<worker::Worker> mine;
  Overlap policy = Overlap::skip;

  explicit Years(unsigned seed) : random(seed) {
    policy = static_cast<Overlap>(seed % 4);
    every("job", "1m", [&](model::Schedule& schedule) {
      schedule.overlap = policy;
      const char* const policies[] = {"none", "last", "all", "all:3"};
      schedule.catch_up = model::parse_catch_up(policies[below(4)]).value();
      schedule.grace = one_in(3) ? time::Duration(90s) : time::Duration(0);
      schedule.jitter = one_in(3) ? time::Duration(50s) : time::Duration(0);
    });
  }

  unsigned below(unsigned bound) { return static_cast<unsigned>(random() % bound); }
  bool one_in(unsigned n) { return below(n) == 0; }

  void rise() {
    mine = std::make_unique<worker::Worker>(store, executor, observer, 3,
                                            [this] { return ++last_token; });
    mine->use_launcher(launcher);
    auto recovered = worker::recover(store, {executor.attach(launcher)}, "this boot");
    mine->take_ends(std::move(recovered.ends));
    for (const model::Claim& claim : recovered.adopted) {
      mine->adopt(claim);
    }
  }
  void work() {
    if (!mine) {
      rise();
    }
    try {
      mine->step(now());
    } catch (const Crash&) {
      mine.reset();
    }
  }
  void something_happens() {
    switch (below(10)) {
      case 0:
        mine.reset();  // It dies between two steps, and may stay away for long.
        clock.pass(std::chrono::seconds(below(1200)));
        break;
      case 1:
        executor.death =
            one_in(2) ? FakeExecutor::Death::before_start : FakeExecutor::Death::after_start;
        break;
      case 2:
        executor.death = FakeExecutor::Death::before_forget;
        break;
      case 3:
        clock.jump(std::chrono::seconds(static_cast<int>(below(600)) - 300));
        break;
      default:
        clock.pass(std::chrono::seconds(below(90)));
    }
    if (one_in(2) && !executor.running().empty()) {
      const model::Claim claim = *executor.running().begin();
      executor.end(claim, exited(one_in(4) ? 1 : 0));
    }
    for (const auto& [claim, cause] : std::exchange(executor.cancels, {})) {
      if (executor.running().contains(claim)) {
        executor.end(claim, caused(cause));
      }
    }
  }
  int running_now() { return static_cast<int>(store.runs().running().size()); }
};

}  // namespace

TEST_CASE("each firing has its row and none has two, whatever dies and however clocks jump") {
  for (unsigned seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    Years years(seed);
    for (int i = 0; i < 150; ++i) {
      years.something_happens();
      years.work();
      if (years.policy != Overlap::allow) {
        REQUIRE(years.running_now() <= 1);
      }
    }
    const auto rows = years.runs("job");
    REQUIRE(rows.size() < 1000);
    std::map<time::Instant, std::int64_t> firings;
    for (const model::Run& run : rows) {
      CHECK(firings.emplace(run.nominal_at, run.firings).second);
    }
    // A row stands for its own moment and those before it that were missed with it.
    time::Instant before = ManualClock().now();
    for (const auto& row : firings) {
      CAPTURE(time::to_rfc3339(row.first));
      CHECK(row.first - before == row.second * k_period);
      before = row.first;
    }
    CHECK(years.task("job").next_at == before + k_period);
    std::set<std::pair<model::RunId, int>> started;
    for (const exec::Launch& launch : years.executor.started) {
      CHECK(started.emplace(launch.claim.run, launch.claim.attempt).second);
    }
  }
}
