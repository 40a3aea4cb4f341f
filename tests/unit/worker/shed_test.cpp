#include "worker/shed.hpp"

#include "unit/worker/worker_at_hand.hpp"

using namespace sched;
using namespace std::chrono_literals;
using namespace sched::test;
using model::Ending;
using model::RunState;
using model::Shed;

namespace {

constexpr const char* k_reason = "shed for want of memory (full pressure 43%, above 20%)";

/// A worker on a machine that lacks memory: nothing new starts.
struct Cramped : Shop {
  Cramped() : Shop(4) {}
  void come(const std::string& name, int priority, bool preemptible) {
    model::Task made = task_named(name);
    made.priority = priority;
    made.preemptible = preemptible;
    made.retry.retries = 1;
    first_run(add(made));
    step();
    clock.pass(1s);
  }
  worker::ShedRun shed(Shed whom) {
    worker.hold_claims(true);
    return worker::shed_one(store, worker.claims(), whom, k_reason, now());
  }
  /// Whom the executor was told to end so that its memory comes back.
  Lines ended() {
    Lines names;
    for (const auto& [claim, cause] : executor.cancels) {
      if (cause == Ending::Cause::preempted) {
        names.push_back(store.tasks().label(store.runs().run(claim.run).task));
      }
    }
    return names;
  }
};

}  // namespace

TEST_CASE("who is shed is ended, waits for its turn again and has lost no attempt") {
  Cramped shop;
  shop.come("precious", 0, false);
  shop.come("old", 0, true);
  shop.come("new", 0, true);
  CHECK_FALSE(shop.shed(Shed::never).run);
  CHECK(shop.shed(Shed::preemptible).run == shop.run("new").id);
  CHECK(shop.run("new").reason == k_reason);
  shop.step();
  CHECK(shop.ended() == Lines{"new"});
  const worker::ShedRun meanwhile = shop.shed(Shed::preemptible);
  CHECK(meanwhile.is_ending);  // One at a time.
  CHECK_FALSE(meanwhile.run);

  Ending gone = caused(Ending::Cause::preempted);
  gone.elapsed = 5s;
  shop.end("new", gone);
  shop.step();
  const model::Run again = shop.run("new");
  CHECK(again.state == RunState::queued);
  CHECK(again.displaced == 1);
  CHECK(again.reason == std::string(k_reason) + " after 5s of work, which begins anew");
  CHECK(shop.started() == Lines{"precious", "old", "new"});
  CHECK(shop.store.suspensions().displacing().empty());

  CHECK(shop.shed(Shed::preemptible).run == shop.run("old").id);
  shop.step();
  shop.end("old", caused(Ending::Cause::preempted));
  shop.step();
  const worker::ShedRun nobody = shop.shed(Shed::preemptible);
  CHECK_FALSE(nobody.run);
  CHECK_FALSE(nobody.is_ending);
  CHECK(shop.shed(Shed::any).run == shop.run("precious").id);
  shop.step();
  CHECK(shop.ended() == Lines{"new", "old", "precious"});

  shop.end("precious", caused(Ending::Cause::preempted));
  shop.worker.hold_claims(false);
  shop.step();
  CHECK(shop.run("new").state == RunState::running);
  CHECK(shop.run("new").attempts == 2);
  shop.end("new", exited(1));
  shop.step();
  CHECK(shop.run("new").state == RunState::waiting);  // Its retry is still there.
}

TEST_CASE("what is shed again and again has failed at the third time") {
  Cramped shop;
  shop.come("hog", 0, true);
  const auto shed = [&](const Ending& ending) {
    shop.worker.hold_claims(false);
    shop.step();
    REQUIRE(shop.run("hog").state == RunState::running);
    REQUIRE(shop.shed(Shed::preemptible).run);
    shop.step();
    shop.end("hog", ending);
    shop.step();
    return shop.run("hog");
  };
  const Ending gone = caused(Ending::Cause::preempted);
  const auto counted = [](const model::Run& run) { return run.attempts - run.displaced; };
  for (const int tried : {1, 2}) {  // It may be tried twice.
    CHECK(shed(gone).state == RunState::queued);
    // What never began had no memory.
    Ending not_begun = gone;
    not_begun.kind = Ending::Kind::not_begun;
    not_begun.code = 0;
    CHECK(shed(not_begun).shed == 1);
    CHECK(shed(gone).shed == 2);
    const model::Run last = shed(gone);
    CHECK(counted(last) == tried);
    CHECK(last.state == (tried == 1 ? RunState::waiting : RunState::finished));
    CHECK(last.reason.find("3 times in a row") != std::string::npos);
    if (tried == 1) {
      CHECK(last.shed == 0);
      shop.clock.pass(1h);
    } else {
      CHECK(last.outcome == model::Outcome::failed);
    }
  }
  CHECK(shop.attempts("hog") == 6);
}

TEST_CASE("only runs of this worker are shed") {
  Cramped shop;
  shop.come("low", 0, true);
  CHECK_FALSE(worker::shed_one(shop.store, {}, Shed::any, k_reason, shop.now()).run);
  CHECK(shop.run("low").reason.empty());
}

TEST_CASE("what stands still may be shed, and does not go on before it ends") {
  Cramped shop;
  shop.come("still", 0, true);
  shop.come("runs", 1, true);
  {
    store::Transaction change(shop.store.db());
    shop.store.suspensions().suspend(shop.run("still").id, "suspended", shop.now());
    change.commit();
  }
  CHECK(shop.shed(Shed::preemptible).run == shop.run("still").id);
  shop.worker.hold_claims(false);
  shop.step();
  shop.step();
  CHECK(shop.ended() == Lines{"still"});
  CHECK(shop.run("still").suspended_at);
  CHECK(shop.run("still").reason == k_reason);
}
