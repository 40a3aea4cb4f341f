#include "unit/worker/worker_at_hand.hpp"

#include <random>
#include <set>

using namespace sched;
using namespace sched::test;
using namespace std::chrono_literals;
using model::Ending;
using model::Outcome;
using model::RunState;

namespace {

struct Ward : Shop {
  model::QueueId urgent;

  explicit Ward(model::Preempt preempt, int slots = 1) : Shop(slots) {
    model::Queue made;
    made.name = "urgent";
    made.preempt = preempt;
    store::Transaction change(store.db());
    urgent = store.queues().add(made);
    change.commit();
  }
  void come(const std::string& name, int priority, bool preemptible = true,
            const std::string& needs = {}) {
    model::Task made = task_named(name);
    made.priority = priority;
    made.preemptible = preemptible;
    made.retry.retries = 1;
    if (!needs.empty()) {
      made.needs = model::parse_needs(needs).value();
    }
    first_run(add(made));
  }
  void press(const std::string& name, int priority, const std::string& needs = {}) {
    model::Task made = task_named(name);
    made.priority = priority;
    made.queue = urgent;
    if (!needs.empty()) {
      made.needs = model::parse_needs(needs).value();
    }
    first_run(add(made));
  }
  void cpus(int number) {
    store::Transaction change(store.db());
    store.resources().add({"cpu", number * model::k_one, {}});
    change.commit();
  }
  /// Whom the executor was told to end so that another has its place.
  Lines displaced() {
    Lines names;
    for (const auto& [claim, cause] : executor.cancels) {
      if (cause == Ending::Cause::preempted) {
        names.push_back(store.tasks().label(store.runs().run(claim.run).task));
      }
    }
    return names;
  }
  void give_way(const std::string& name) { end(name, caused(Ending::Cause::preempted)); }
};

}  // namespace

TEST_CASE("one of lower priority is ended for an urgent one, and begins anew in its turn") {
  Ward ward(model::Preempt::requeue);
  ward.come("low", 0);
  ward.step();
  ward.clock.pass(5s);
  ward.press("high", 5);
  ward.come("other", 9);  // It is first in its line, and would have the slot otherwise.
  ward.step();
  CHECK(ward.displaced() == Lines{"low"});
  CHECK(ward.started() == Lines{"low"});
  ward.step();
  CHECK(ward.executor.cancels.size() == 1);
  CHECK(ward.run("low").reason == "displaced by run-2 of high");
  ward.give_way("low");
  ward.step();
  CHECK(ward.started() == Lines{"low", "high"});
  CHECK(ward.run("low").state == RunState::queued);
  CHECK(ward.run("low").displaced == 1);
  const auto attempt = ward.store.attempts().of_run(ward.run("low").id).front();
  CHECK(attempt.outcome == Outcome::cancelled);
  CHECK(attempt.ending->cause == Ending::Cause::preempted);
  CHECK(attempt.reason.starts_with("displaced by run-2 of high after "));
  CHECK(ward.observer.lines.back() == "started high");
  ward.end("high");
  ward.step();
  CHECK(ward.started().back() == "other");
  ward.end("other");
  ward.step();
  CHECK(ward.started().back() == "low");
  // No retry was used up by it: it has one, and then it is over.
  ward.end("low", exited(1));
  ward.step();
  CHECK(ward.run("low").state == RunState::waiting);
  ward.clock.pass(1h);
  ward.step();
  ward.end("low", exited(1));
  ward.step();
  CHECK(ward.run("low").outcome == Outcome::failed);
  CHECK(ward.run("low").reason == "exit 1 (attempt 2 of 2)");
}

TEST_CASE("only what is preemptible and of lower priority gives way, the least work first") {
  struct Row {
    const char* what;
    int priority;
    bool preemptible;
    bool gives_way;
  };
  for (const Row& row : {Row{"lower", 4, true, true}, Row{"equal", 5, true, false},
                         Row{"higher", 6, true, false}, Row{"not asked", 0, false, false}}) {
    CAPTURE(row.what);
    Ward ward(model::Preempt::requeue);
    ward.come("low", row.priority, row.preemptible);
    ward.step();
    ward.press("high", 5);
    ward.step();
    CHECK(ward.displaced().size() == (row.gives_way ? 1U : 0U));
  }
  Ward ward(model::Preempt::requeue, 3);
  for (const char* name : {"first", "second", "third"}) {
    ward.come(name, 0);
    ward.clock.pass(1s);
    ward.step();
  }
  ward.press("high", 5);
  ward.step();
  CHECK(ward.displaced() == Lines{"third"});
}

TEST_CASE("what comes free is for who displaced, though another is before it in line since") {
  Ward ward(model::Preempt::requeue);
  ward.cpus(2);
  ward.come("low", 0, true, "cpu=1");
  ward.come("later", 0, true, "cpu=1");
  ward.step();
  ward.press("high", 5, "cpu=2");
  ward.step();
  CHECK(ward.displaced() == Lines{"low"});
  ward.press("higher", 9, "cpu=1");
  ward.step();
  CHECK(ward.displaced() == Lines{"low"});  // One displacement at a time.
  ward.give_way("low");
  ward.step();
  CHECK(ward.started() == Lines{"low", "high"});
}

TEST_CASE("where it could not start nobody gives way") {
  Ward ward(model::Preempt::requeue);
  ward.cpus(2);
  ward.come("low", 0, true, "cpu=1");
  ward.step();
  ward.press("high", 5, "cpu=3");
  ward.step();
  CHECK(ward.displaced().empty());
}

TEST_CASE("one that stands still for an urgent one goes on behind it") {
  Ward ward(model::Preempt::suspend);
  ward.cpus(2);
  ward.come("low", 0, true, "cpu=2");
  ward.step();
  ward.press("high", 5, "cpu=1");
  ward.press("next", 5, "cpu=1");
  ward.come("new", 0);
  ward.step();
  CHECK(ward.started() == Lines{"low", "high"});
  CHECK(ward.executor.suspended.contains(ward.claim("low")));
  CHECK(ward.run("low").reason == "suspended: displaced by run-2 of high");
  ward.end("high");
  ward.step();
  CHECK(ward.started().back() == "next");
  CHECK(ward.run("low").suspended_at.has_value());
  ward.clock.pass(10s);
  ward.end("next");
  ward.step();
  CHECK(ward.executor.suspended.empty());
  CHECK(ward.started().back() == "next");
  CHECK(ward.run("low").stood == 10s);
  ward.end("low");
  ward.step();
  CHECK(ward.run("low").outcome == Outcome::succeeded);
  CHECK(ward.started().back() == "new");
  CHECK(ward.attempts("low") == 1);
}

TEST_CASE("a worker that dies before it told anybody has the next one tell") {
  Ward ward(model::Preempt::requeue);
  ward.come("low", 0);
  ward.step();
  ward.press("high", 5);
  {
    store::Transaction change(ward.store.db());
    REQUIRE(ward.store.suspensions().displace(ward.run("low").id, ward.run("high").id, "why",
                                              ward.now()));
    change.commit();
  }
  ward.step();
  CHECK(ward.displaced() == Lines{"low"});
  // A person wants it ended for good meanwhile.
  {
    store::Transaction change(ward.store.db());
    ward.store.runs().request_cancel(ward.run("low").id, "cancelled by a person");
    change.commit();
  }
  ward.give_way("low");
  ward.step();
  CHECK(ward.run("low").outcome == Outcome::cancelled);
  CHECK(ward.started().back() == "high");
}

TEST_CASE("whatever comes, nobody displaces twice or is displaced by what he displaced") {
  std::mt19937_64 random(3);
  const auto draw = [&](int below) {
    return static_cast<int>(random() % static_cast<unsigned>(below));
  };
  int gave_way = 0;
  for (int round = 0; round < 24; ++round) {
    const auto preempt = round % 2 == 0 ? model::Preempt::requeue : model::Preempt::suspend;
    const int slots = 1 + draw(3);
    Ward ward(preempt, slots);
    ward.cpus(3);
    const auto move = [&](int of) {
      ward.clock.pass(1s);
      ward.step();
      int busy = 0;
      for (const store::RunningRun& run : ward.store.runs().running()) {
        busy += run.suspended ? 0 : 1;
        CHECK(ward.executor.suspended.contains(run.claim) == run.suspended);
        if (run.displaced) {
          ward.executor.end(run.claim, caused(Ending::Cause::preempted));
        } else if (!run.suspended && draw(of) == 0) {
          ward.executor.end(run.claim, exited(0));
        }
      }
      CHECK(busy <= slots);
    };
    const int tasks = 14;
    for (int i = 0; i < tasks; ++i) {
      const std::string name = "t" + std::to_string(i);
      const std::string needs = draw(2) == 0 ? "cpu=" + std::to_string(1 + draw(3)) : "";
      draw(2) == 0 ? ward.press(name, draw(5), needs) : ward.come(name, draw(5), true, needs);
      move(20);
    }
    for (int i = 0; i < 200 && !ward.worker.is_idle(ward.now()); ++i) {
      move(2);
    }
    CHECK(ward.worker.is_idle(ward.now()));
    for (int i = 0; i < tasks; ++i) {
      const model::Run run = ward.run("t" + std::to_string(i));
      CHECK(run.outcome == Outcome::succeeded);
      gave_way += run.displaced > 0 || run.stood.count() > 0 ? 1 : 0;
      std::set<std::string> displacers;
      for (const model::Attempt& attempt : ward.store.attempts().of_run(run.id)) {
        if (attempt.ending->cause == Ending::Cause::preempted) {
          const std::string by = attempt.reason.substr(0, attempt.reason.find(" after "));
          CHECK(displacers.insert(by).second);
          const RunId other(std::stoll(by.substr(by.find("run-") + 4)));
          CHECK(ward.store.runs().run(other).priority > run.priority);
        }
      }
    }
  }
  CHECK(gave_way > 5);
}

TEST_CASE("what failed, gave way in its second try and then is too late ended as it failed") {
  Ward ward(model::Preempt::requeue);
  model::Task made = task_named("low");
  made.retry.retries = 5;
  made.retry.backoff = model::parse_backoff("fixed:0s").value();
  made.deadlines.hard = model::parse_deadline("1h").value();
  ward.first_run(ward.add(made));
  ward.step();
  ward.end("low", exited(7));
  ward.step();
  REQUIRE(ward.attempts("low") == 2);
  ward.press("high", 5);
  ward.step();
  ward.give_way("low");
  ward.step();
  REQUIRE(ward.state("high") == "running");
  ward.clock.pass(2h);
  ward.step();
  CHECK(ward.state("low") == "finished: failed");
  CHECK(ward.run("low").reason.starts_with("exit 7, and its hard deadline "));
}
