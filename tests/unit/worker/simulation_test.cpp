// A worker that dies again and again, in the middle of what it does, under a launcher that lives
// on.
#include "support/endings.hpp"
#include "support/fake_executor.hpp"
#include "support/recording_observer.hpp"
#include "support/scene.hpp"
#include "worker/recover.hpp"
#include "worker/worker.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>

using namespace sched;
using namespace std::chrono_literals;
using test::FakeExecutor;

namespace {

/// Draws below a bound, the same for a seed on every machine.
class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}
  unsigned below(unsigned bound) { return static_cast<unsigned>(random_() % bound); }
  bool one_in(unsigned n) { return below(n) == 0; }

 private:
  std::mt19937 random_;
};

struct Life : test::Scene {
  Dice dice;
  FakeExecutor executor;
  test::RecordingObserver observer;
  model::LauncherId launcher = store.launchers().add("boot", 1, now());
  std::int64_t token = 0;
  std::unique_ptr<worker::Worker> worker;
  bool die_in_transaction = false;
  int deaths = 0;
  int refusals = 0;
  int added = 0;
  /// How each attempt ended, as the launcher saw it.
  std::map<model::Claim, model::Ending> truth;

  explicit Life(unsigned seed) : dice(seed) { rise(); }

  /// A new worker attaches to the launcher that lives on.
  void rise() {
    worker = std::make_unique<worker::Worker>(store, executor, observer, 4, [this] {
      if (std::exchange(die_in_transaction, false)) {
        throw test::Crash();
      }
      return ++token;
    });
    worker->use_launcher(launcher);
    auto recovered = worker::recover(store, {executor.attach(launcher)}, "boot");
    for (const exec::Ended& end : recovered.ends) {
      truth.emplace(end.claim, end.ending);
    }
    worker->take_ends(std::move(recovered.ends));
    for (const model::Claim& claim : recovered.adopted) {
      worker->adopt(claim);
    }
  }

  void add_task() {
    model::Task task = test::task_named("t" + std::to_string(added));
    task.at = now() + std::chrono::seconds(dice.below(20));
    task.retry.retries = static_cast<int>(dice.below(4));
    task.retry.backoff = model::parse_backoff("exponential:1s..20s").value();
    task.priority = static_cast<int>(dice.below(3));
    std::vector<std::string> after;
    static const char* const k_conditions[] = {"", ":done", ":failure", ":skipped"};
    for (unsigned i = dice.below(3); added > 0 && i > 0; --i) {
      const auto up = dice.below(static_cast<unsigned>(added));
      const unsigned condition = dice.one_in(2) ? 0 : dice.below(4);
      after.push_back("t" + std::to_string(up) + k_conditions[condition]);
    }
    if (!after.empty()) {
      task.trigger = model::TriggerKind::upstream;
      task.at.reset();
      task.join = model::parse_join(dice.one_in(3) ? "any" : "all").value();
    }
    first_run(add(task, after));
    ++added;
  }

  void end_some() {
    const auto running = executor.running();
    for (const model::Claim& claim : running) {
      if (dice.one_in(3)) {
        const model::Ending ending = dice.one_in(3) ? test::exited(static_cast<int>(dice.below(3)))
                                     : dice.one_in(10) ? test::not_begun(EAGAIN)
                                     : dice.one_in(10) ? test::signalled(9)
                                                       : test::exited(0);
        truth.emplace(claim, ending);
        executor.end(claim, ending);
      }
    }
  }

  void step() {
    const unsigned fate = dice.below(12);
    executor.death = fate == 0   ? FakeExecutor::Death::before_start
                     : fate == 1 ? FakeExecutor::Death::after_start
                     : fate == 2 ? FakeExecutor::Death::before_forget
                                 : FakeExecutor::Death::none;
    die_in_transaction = fate == 3;
    const bool refuse = fate == 4;
    store.db().execute(refuse ? "PRAGMA query_only=1" : "PRAGMA query_only=0");
    try {
      worker->step(now());
      if (fate == 5) {
        throw test::Crash();  // between two steps
      }
    } catch (const test::Crash&) {
      ++deaths;
      store.db().execute("PRAGMA query_only=0");
      rise();
    } catch (const base::Error&) {
      CHECK(refuse);
      ++refusals;
    }
    executor.death = FakeExecutor::Death::none;
    die_in_transaction = false;
    store.db().execute("PRAGMA query_only=0");
  }
};

/// How a run must end whose last attempt ended so.
std::string expected(const model::Ending& ending) {
  return ending.kind == model::Ending::Kind::exited && ending.code == 0 ? "finished: succeeded"
                                                                        : "finished: failed";
}

}  // namespace

TEST_CASE("whenever the worker dies, each attempt starts once and each run ends as it did") {
  for (const unsigned seed : {1U, 2U, 3U}) {
    CAPTURE(seed);
    Life life(seed);
    constexpr int k_steps = 2000;
    for (int i = 0; i < k_steps; ++i) {
      if (life.dice.one_in(6) && life.added < 250) {
        life.add_task();
      }
      life.end_some();
      life.clock.pass(std::chrono::milliseconds(life.dice.below(1500)));
      life.step();
    }
    for (int i = 0; i < 2000 && !life.worker->is_idle(life.now()); ++i) {
      life.end_some();
      life.clock.pass(1s);
      life.worker->step(life.now());
    }
    CHECK(life.worker->is_idle(life.now()));
    CHECK(life.worker->in_flight() == 0);
    CHECK(life.deaths > 100);
    CHECK(life.refusals > 10);

    // No claim was handed over twice, and no attempt of a run under two tokens that both ran.
    std::set<model::Claim> handed;
    std::map<std::pair<model::RunId, int>, int> counted;
    for (const exec::Launch& launch : life.executor.started) {
      CHECK(handed.insert(launch.claim).second);
      const auto end = life.truth.find(launch.claim);
      REQUIRE(end != life.truth.end());
      if (end->second.kind != model::Ending::Kind::not_begun) {
        CHECK(++counted[{launch.claim.run, launch.claim.attempt}] == 1);
      }
    }
    std::size_t attempts = 0;
    for (int i = 0; i < life.added; ++i) {
      const auto run = life.run("t" + std::to_string(i));
      CAPTURE(run.id.value);
      REQUIRE(run.state == model::RunState::finished);
      const auto tried = life.store.attempts().of_run(run.id);
      attempts += tried.size();
      CHECK(static_cast<int>(tried.size()) == run.attempts);
      for (const model::Attempt& attempt : tried) {
        REQUIRE(attempt.ending.has_value());
        CHECK(*attempt.ending == life.truth.at(attempt.claim));
      }
      if (tried.empty()) {
        CHECK(run.outcome == model::Outcome::skipped);
        continue;
      }
      CHECK(life.state_of(run) == expected(*tried.back().ending));
      const auto task = life.store.tasks().task(run.task);
      CHECK(static_cast<int>(tried.size()) <= task.retry.retries + 1);
      if (run.outcome == model::Outcome::failed) {
        CHECK(static_cast<int>(tried.size()) == task.retry.retries + 1);
      }
      for (std::size_t k = 0; k + 1 < tried.size(); ++k) {
        CHECK(tried[k].outcome == model::Outcome::failed);
      }
      if (task.join.kind == model::Join::Kind::all) {
        CHECK(run.edges.satisfied == run.edges.total);
      }
    }
    CHECK(attempts == counted.size());
  }
}
