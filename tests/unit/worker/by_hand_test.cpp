#include "worker/by_hand.hpp"

#include "unit/worker/timed_at_hand.hpp"

using namespace sched;
using namespace std::chrono_literals;
using namespace sched::test;
using model::Outcome;

namespace {

struct Hand : Shop {
  using Shop::Shop;
  std::vector<RunId> retry(RunId run, bool downstream = false) {
    store::Transaction change(store.db());
    auto below = worker::retry_run(store, run, downstream, now());
    change.commit();
    return below;
  }
  void pause(const std::string& name, bool paused) {
    store::Transaction change(store.db());
    worker::set_paused(store, task(name).id, paused, now());
    change.commit();
  }
};

}  // namespace

TEST_CASE("a retry that is skipped again at once leaves what runs below as it is") {
  Hand hand;
  hand.once("failed");
  hand.once("needs", {"failed"});
  hand.once("instead", {"needs:skipped"});
  hand.step();
  hand.end("failed", exited(1));
  hand.step();
  hand.step();
  REQUIRE(hand.state("instead") == "running");
  hand.retry(hand.run("needs").id);
  CHECK(hand.state("needs") == "finished: skipped");
  CHECK(hand.state("instead") == "running");
  CHECK(hand.run("instead").edges == model::EdgeCounts{1, 0, 1});
}

TEST_CASE("a retry of all below looks at each run once, however many ways lead to it") {
  Hand hand(4);
  hand.once("failed");
  hand.once("refuses");
  std::vector<std::string> layer = {"failed", "refuses"};
  constexpr int k_layers = 40;  // 2^40 ways from the first to the last.
  for (int i = 0; i < k_layers; ++i) {
    const std::vector<std::string> next = {"a" + std::to_string(i), "b" + std::to_string(i)};
    hand.once(next[0], layer);
    hand.once(next[1], layer);
    layer = next;
  }
  hand.step();
  hand.end("failed", exited(1));
  hand.end("refuses", exited(1));
  hand.step();
  REQUIRE(hand.state(layer[0]) == "finished: skipped");
  const RunId failed = hand.run("failed").id;
  CHECK(hand.retry(failed, true).size() == 2 * k_layers);
  CHECK(hand.state("a0") == "finished: skipped");  // For the other that failed.
  CHECK(hand.state(layer[1]) == "finished: skipped");
  CHECK(hand.retry(hand.run("refuses").id, true).size() == 2 * k_layers);
  CHECK(hand.state("a0") == "waiting");
  CHECK(hand.state(layer[1]) == "waiting");
}

TEST_CASE("what runs in turn lets an earlier run go first that is retried") {
  Hand hand(4);
  hand.manual("job");
  const auto fire = [&] {
    hand.clock.pass(1s);
    store::Transaction change(hand.store.db());
    const auto run = worker::fire(hand.store, hand.task("job"),
                                  {"time", hand.now(), hand.now(), true}, hand.now());
    change.commit();
    return run.value();
  };
  const RunId first = fire();
  hand.step();
  hand.end("job", exited(1));
  hand.step();
  const RunId second = fire();
  CHECK(hand.is_ready(hand.store.runs().run(second)));
  hand.retry(first);
  CHECK(hand.state_of(hand.store.runs().run(second)) == "waiting");
  hand.step();
  CHECK(hand.state_of(hand.store.runs().run(first)) == "running");
  hand.executor.end(hand.store.runs().running().front().claim, exited(0));
  hand.step();
  CHECK(hand.state_of(hand.store.runs().run(second)) == "running");
}

TEST_CASE("a further attempt waits anew for what a person retries meanwhile") {
  Hand hand(4);
  hand.once("above");
  hand.step();
  hand.end("above", exited(1));
  hand.step();
  model::Task below = test::task_named("below");
  below.trigger = model::TriggerKind::upstream;
  below.at.reset();
  below.retry.retries = 3;
  below.retry.backoff = model::parse_backoff("fixed:0s").value();
  hand.first_run(hand.add(below, {"above:failure"}));
  SUBCASE("after a bad end") {
    hand.step();
    hand.retry(hand.run("above").id);
    hand.end("below", exited(1));
  }
  SUBCASE("after an attempt that never began") {
    hand.step();
    hand.retry(hand.run("above").id);
    hand.end("below", not_begun(0));
  }
  hand.worker.drain();  // nothing else starts
  hand.step();
  CHECK(hand.state("below") == "waiting");
  Colleague other(hand, 4);
  other.worker.step(hand.now());
  other.executor.end(hand.claim("above"), exited(0));
  other.worker.step(hand.now());
  CHECK(hand.state("below") == "finished: skipped");
}
