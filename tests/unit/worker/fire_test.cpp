#include "worker/fire.hpp"

#include "support/scene.hpp"
#include "worker/advance.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace sched;
using namespace std::chrono_literals;
using model::Outcome;
using model::RunId;

namespace {

struct Flow : test::Scene {
  void end(RunId run, Outcome outcome = Outcome::succeeded) {
    store::Transaction change(store.db());
    store.runs().finish_unstarted(run, outcome, "told by the test", now());
    worker::advance(store, {run}, now());
    change.commit();
  }
};

using Ids = std::vector<RunId>;

}  // namespace

TEST_CASE("a firing writes one run for each task of the flow, bound within it") {
  Flow flow;
  flow.manual("root");
  flow.below("left", {"root"});
  flow.below("right", {"root"});
  flow.below("join", {"left", "right"});
  const RunId root = flow.start("root");
  const auto left = flow.run("left");
  const auto right = flow.run("right");
  const auto join = flow.run("join");
  CHECK(flow.bound(join.id) == Ids{left.id, right.id});
  CHECK(flow.bound(left.id) == Ids{root});
  for (const auto& run : {flow.run("root"), left, right, join}) {
    CHECK(run.flow == root);
    CHECK(run.nominal_at == flow.now());
  }
  CHECK(flow.is_ready("root"));
  CHECK_FALSE(flow.is_ready(left));
  CHECK(join.edges == model::EdgeCounts{2, 2, 0});
}

TEST_CASE("two firings of a root are two flows that do not meet") {
  Flow flow;
  flow.manual("root");
  flow.below("down", {"root"});
  const RunId first = flow.start("root");
  const RunId second = flow.start("root");
  const auto down = flow.runs("down");
  REQUIRE(down.size() == 2);
  CHECK(flow.bound(down[0].id) == Ids{first});
  CHECK(flow.bound(down[1].id) == Ids{second});
}

TEST_CASE("the same firing is written once, with nothing below it twice") {
  Flow flow;
  flow.manual("root");
  flow.below("down", {"root"});
  const worker::Firing firing{"manual", flow.now(), flow.now()};
  CHECK(worker::fire(flow.store, flow.task("root"), firing, flow.now()).has_value());
  CHECK_FALSE(worker::fire(flow.store, flow.task("root"), firing, flow.now()).has_value());
  CHECK(flow.runs("down").size() == 1);
}

TEST_CASE("a task alone is no flow") {
  Flow flow;
  flow.manual("alone");
  flow.start("alone");
  CHECK_FALSE(flow.run("alone").flow);
}

TEST_CASE("of several roots the k-th run of one meets the k-th of the other") {
  Flow flow;
  flow.manual("a");
  flow.manual("c");
  flow.below("d", {"a", "c"});
  const RunId a1 = flow.start("a");
  const RunId a2 = flow.start("a");
  const RunId c1 = flow.start("c");
  const RunId c2 = flow.start("c");
  const RunId c3 = flow.start("c");
  const auto d = flow.runs("d");
  REQUIRE(d.size() == 3);
  CHECK(flow.bound(d[0].id) == Ids{a1, c1});
  CHECK(flow.bound(d[1].id) == Ids{a2, c2});
  CHECK(flow.bound(d[2].id) == Ids{RunId(), c3});
  flow.end(a1);
  CHECK_FALSE(flow.is_ready(flow.runs("d")[0]));
  flow.end(c1);
  CHECK(flow.is_ready(flow.runs("d")[0]));
}

TEST_CASE("a root that joins a run which collects opens nothing anew below it") {
  Flow flow;
  flow.manual("a");
  flow.manual("c");
  flow.below("mid", {"a", "c"});
  flow.below("last", {"mid", "a"});
  const RunId a1 = flow.start("a");
  flow.start("c");
  const auto mid = flow.run("mid");
  const auto last = flow.run("last");
  CHECK(flow.bound(last.id) == Ids{mid.id, a1});
  const RunId a2 = flow.start("a");
  const auto lasts = flow.runs("last");
  REQUIRE(lasts.size() == 2);
  CHECK(flow.bound(lasts[1].id) == Ids{flow.runs("mid")[1].id, a2});
}

TEST_CASE("what a start in the middle leads to takes the newest runs of the other branches") {
  Flow flow;
  flow.manual("root");
  flow.below("a", {"root"});
  flow.below("b", {"root"});
  flow.below("d", {"a", "b"});
  flow.start("root");
  const RunId by_hand = flow.start("a");
  flow.start("root");
  const auto d = flow.runs("d");
  REQUIRE(d.size() == 3);
  CHECK(flow.bound(d[0].id) == Ids{flow.runs("a")[0].id, flow.runs("b")[0].id});
  CHECK(flow.bound(d[1].id) == Ids{by_hand, flow.runs("b")[0].id});
  CHECK(flow.bound(d[2].id) == Ids{flow.runs("a")[2].id, flow.runs("b")[1].id});
}

TEST_CASE("what was started before anything above it takes part in the first flow") {
  Flow flow;
  flow.manual("root");
  flow.below("a", {"root"});
  flow.below("b", {"root"});
  flow.below("d", {"a", "b"});
  const RunId by_hand = flow.start("a");
  const RunId root = flow.start("root");
  CHECK(flow.bound(by_hand) == Ids{root});
  CHECK(flow.bound(flow.run("d").id) == Ids{by_hand, flow.run("b").id});
}

TEST_CASE("a task with a trigger of its own looks at the newest run of what it comes after") {
  Flow flow;
  flow.manual("up");
  flow.manual("own", {"up"});
  const RunId first = flow.start("up");
  flow.end(first);
  const RunId second = flow.start("up");
  CHECK(flow.runs("own").empty());
  const RunId own = flow.start("own");
  CHECK(flow.bound(own) == Ids{second});
  CHECK_FALSE(flow.is_ready("own"));
  flow.end(second);
  CHECK(flow.is_ready("own"));
  // All ended: judged at once.
  flow.start("own");
  CHECK(flow.is_ready(flow.runs("own")[1]));
}

TEST_CASE("a firing that is refused at once takes the flow below it along") {
  Flow flow;
  flow.once("failed");
  flow.end(flow.run("failed").id, Outcome::failed);
  model::Task task = test::task_named("root");
  task.trigger = model::TriggerKind::manual;
  task.at.reset();
  flow.add(task, {"failed"});
  flow.below("needs", {"root"});
  flow.below("below", {"needs", "root:done"});
  flow.below("instead", {"root:skipped", "needs:skipped"});
  flow.start("root");
  CHECK(flow.state("root") == "finished: skipped");
  CHECK(flow.state("needs") == "finished: skipped");
  CHECK(flow.state("below") == "finished: skipped");
  CHECK(flow.state("instead") == "ready");
  CHECK(flow.run("instead").edges == model::EdgeCounts{2, 0, 2});
}

TEST_CASE("a one-time task has one run, from its add") {
  Flow flow;
  flow.once("build");
  flow.once("test", {"build"});
  flow.once("deploy", {"build", "test"});
  for (const char* name : {"build", "test", "deploy"}) {
    CAPTURE(std::string(name));
    CHECK(flow.runs(name).size() == 1);
  }
  CHECK(flow.bound(flow.run("deploy").id) == Ids{flow.run("build").id, flow.run("test").id});
  CHECK(flow.is_ready("build"));
}

TEST_CASE("what is added after the end that it asks about is judged at once") {
  struct Row {
    Outcome outcome;
    const char* condition;
    const char* state;
  };
  for (const Row& row :
       {Row{Outcome::succeeded, "success", "ready"},
        Row{Outcome::failed, "success", "finished: skipped"},
        Row{Outcome::failed, "failure", "ready"}, Row{Outcome::cancelled, "done", "ready"},
        Row{Outcome::cancelled, "failure", "finished: skipped"}}) {
    CAPTURE(std::string(row.condition));
    Flow flow;
    flow.once("up");
    flow.end(flow.run("up").id, row.outcome);
    flow.once("down", {std::string("up:") + row.condition});
    CHECK(flow.state("down") == row.state);
    if (flow.state("down") != "ready") {
      CHECK(flow.run("down").reason == std::string("dependency up:") + row.condition +
                                           " refused: up " + model::to_string(row.outcome));
    }
  }
}

TEST_CASE("what comes after tasks that fire again and again has no run before they fire") {
  Flow flow;
  flow.manual("root");
  flow.first_run(flow.below("down", {"root"}));
  flow.first_run(flow.manual("alone"));
  CHECK(flow.runs("down").empty());
  CHECK(flow.runs("alone").empty());
}

TEST_CASE("a one-time task among the upstreams counts for every run") {
  Flow flow;
  flow.once("setup");
  flow.manual("root");
  flow.first_run(flow.below("down", {"root", "setup"}));
  const RunId setup = flow.run("setup").id;
  const RunId first = flow.start("root");
  const RunId second = flow.start("root");
  const auto down = flow.runs("down");
  REQUIRE(down.size() == 2);
  CHECK(flow.bound(down[0].id) == Ids{first, setup});
  CHECK(flow.bound(down[1].id) == Ids{second, setup});
}

TEST_CASE("a one-time task after one that has not fired yet waits for its firing") {
  Flow flow;
  flow.manual("root");
  model::Task task = test::task_named("then");
  flow.first_run(flow.add(task, {"root"}));
  flow.first_run(flow.below("last", {"then"}));
  CHECK(flow.bound(flow.run("then").id) == Ids{RunId()});
  CHECK_FALSE(flow.is_ready("then"));
  const RunId root = flow.start("root");
  CHECK(flow.bound(flow.run("then").id) == Ids{root});
  flow.end(root);
  CHECK(flow.is_ready("then"));
  flow.end(flow.run("then").id);
  CHECK(flow.is_ready("last"));
}

TEST_CASE("a one-time pipeline that is started again runs anew as a flow") {
  Flow flow;
  flow.once("build");
  flow.once("test", {"build"});
  flow.end(flow.run("build").id);
  flow.end(flow.run("test").id);
  const RunId again = flow.start("build");
  const auto tests = flow.runs("test");
  REQUIRE(tests.size() == 2);
  CHECK(flow.bound(tests[1].id) == Ids{again});
}

TEST_CASE("the runs of a paused task wait for nothing but its resumption") {
  Flow flow;
  const auto id = flow.manual("root");
  flow.below("down", {"root"});
  flow.store.tasks().set_paused(flow.task("down").id, true);
  const RunId root = flow.start("root");
  flow.end(root);
  CHECK(flow.state("down") == "waiting");
  CHECK_FALSE(flow.is_ready("down"));
  flow.store.tasks().set_paused(flow.task("down").id, false);
  worker::refresh(flow.store, flow.run("down").id, flow.now());
  CHECK(flow.is_ready("down"));
  CHECK(id);
}

TEST_CASE("priority is that of the task") {
  Flow flow;
  model::Task task = test::task_named("urgent");
  task.priority = 70;
  flow.first_run(flow.add(task));
  CHECK(flow.run("urgent").priority == 70);
}
