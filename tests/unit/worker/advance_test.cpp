#include "worker/advance.hpp"

#include "support/scene.hpp"
#include "worker/line.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace sched;
using model::Outcome;
using model::RunId;

namespace {

struct Chain : test::Scene {
  /// The labels of the tasks that were skipped by it.
  std::vector<std::string> end(const std::string& name, Outcome outcome) {
    store::Transaction change(store.db());
    const RunId run = store.runs().newest_of(task(name).id)->id;
    CHECK(store.runs().finish_unstarted(run, outcome, "told by the test", now()));
    std::vector<std::string> skipped;
    for (const RunId id : worker::advance(store, {run}, now())) {
      skipped.push_back(store.tasks().label(store.runs().run(id).task));
    }
    change.commit();
    return skipped;
  }
  bool due(const std::string& name) { return is_ready(name); }
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a refusal goes down through all levels, each naming the edge above it") {
  Chain chain;
  chain.once("a");
  chain.once("b", {"a"});
  chain.once("c", {"b"});
  chain.once("d", {"c"});
  chain.once("other", {"b:skipped"});
  CHECK(chain.end("a", Outcome::failed) == Names{"b", "c", "d"});
  CHECK(chain.run("b").reason == "dependency a:success refused: a failed");
  CHECK(chain.run("c").reason == "dependency b:success refused: b skipped");
  CHECK(chain.run("d").reason == "dependency c:success refused: c skipped");
  CHECK(chain.run("b").finished_at == chain.now());
  CHECK(chain.due("other"));
}

TEST_CASE("a long chain is skipped without recursion") {
  Chain chain;
  chain.once("t0");
  constexpr int k_long = 300;
  for (int i = 1; i <= k_long; ++i) {
    chain.once("t" + std::to_string(i), {"t" + std::to_string(i - 1)});
  }
  CHECK(chain.end("t0", Outcome::cancelled).size() == k_long);
  CHECK(chain.state("t300") == "finished: skipped");
}

TEST_CASE("each branch goes on as its condition says") {
  struct Row {
    Outcome outcome;
    const char* good;
    const char* bad;
    const char* any;
  };
  for (const Row& row :
       {Row{Outcome::succeeded, "ready", "finished: skipped", "ready"},
        Row{Outcome::failed, "finished: skipped", "ready", "ready"},
        Row{Outcome::lost, "finished: skipped", "ready", "ready"},
        Row{Outcome::timed_out, "finished: skipped", "ready", "ready"},
        Row{Outcome::cancelled, "finished: skipped", "finished: skipped", "ready"}}) {
    CAPTURE(std::string(model::to_string(row.outcome)));
    Chain chain;
    chain.once("up");
    chain.once("good", {"up"});
    chain.once("bad", {"up:failure"});
    chain.once("any", {"up:done"});
    chain.end("up", row.outcome);
    CHECK(chain.state("good") == row.good);
    CHECK(chain.state("bad") == row.bad);
    CHECK(chain.state("any") == row.any);
  }
}

TEST_CASE("two edges to one upstream are two") {
  Chain chain;
  chain.once("up");
  chain.once("either", {"up:success", "up:failure"}, model::parse_join("any").value());
  chain.once("both", {"up:success", "up:done"});
  chain.end("up", Outcome::failed);
  CHECK(chain.due("either"));
  CHECK(chain.run("either").edges == model::EdgeCounts{2, 0, 1});
  CHECK(chain.state("both") == "finished: skipped");
}

TEST_CASE("ends of one transaction are summed for those below, each by its condition") {
  Chain chain;
  for (const char* name : {"a", "b", "c"}) {
    chain.once(name);
  }
  chain.once("all", {"a", "b:failure", "c:done"});
  chain.once("some", {"a", "b", "c:failure", "c"}, model::parse_join("2").value());
  chain.once("good", {"a", "b"});
  chain.once("open", {"a", "all"});
  chain.once("below", {"good:skipped", "a"});
  store::Transaction change(chain.store.db());
  std::vector<RunId> ended;
  const std::vector<std::pair<std::string, Outcome>> ends = {
      {"c", Outcome::succeeded}, {"a", Outcome::succeeded}, {"b", Outcome::failed}};
  for (const auto& [name, outcome] : ends) {
    ended.push_back(chain.run(name).id);
    CHECK(chain.store.runs().finish_unstarted(ended.back(), outcome, "told", chain.now()));
  }
  CHECK(worker::advance(chain.store, ended, chain.now()) ==
        std::vector<RunId>{chain.run("good").id});
  change.commit();
  CHECK(chain.state("all") == "ready");
  CHECK(chain.run("all").edges == model::EdgeCounts{3, 0, 3});
  CHECK(chain.state("some") == "ready");
  CHECK(chain.run("some").edges == model::EdgeCounts{4, 0, 2});
  CHECK(chain.state("good") == "finished: skipped");
  CHECK(chain.run("good").reason == "dependency b:success refused: b failed");
  CHECK(chain.state("open") == "waiting");
  CHECK(chain.run("open").edges == model::EdgeCounts{2, 1, 1});
  CHECK(chain.state("below") == "ready");
  CHECK(chain.run("below").edges == model::EdgeCounts{2, 0, 2});
}

TEST_CASE("a join goes when enough ends are good, and not before") {
  struct Row {
    const char* join;
    std::vector<Outcome> ends;  // of a, b, c in turn
    const char* states;         // after each: w waits, d due, s skipped
  };
  const Outcome good = Outcome::succeeded;
  const Outcome bad = Outcome::failed;
  for (const Row& row :
       {Row{"all", {good, good, good}, "wwd"}, Row{"all", {good, bad, good}, "wss"},
        Row{"any", {bad, good, bad}, "wdd"}, Row{"any", {bad, bad, bad}, "wws"},
        Row{"any", {good, bad, bad}, "ddd"}, Row{"2", {good, bad, good}, "wwd"},
        Row{"2", {bad, bad, good}, "wss"}, Row{"2", {good, good, bad}, "wdd"},
        Row{"3", {good, good, good}, "wwd"}, Row{"1", {bad, bad, good}, "wwd"}}) {
    CAPTURE(std::string(row.join));
    Chain chain;
    for (const char* name : {"a", "b", "c"}) {
      chain.once(name);
    }
    chain.once("join", {"a", "b", "c"}, model::parse_join(row.join).value());
    std::string states;
    const char* name = "a";
    const char names[3][2] = {"a", "b", "c"};
    for (std::size_t i = 0; i < 3; ++i) {
      name = names[i];
      chain.end(name, row.ends[i]);
      states += chain.run("join").outcome ? 's' : chain.due("join") ? 'd' : 'w';
    }
    CHECK(states == row.states);
  }
}

TEST_CASE("a run that has gone on keeps its place, whatever else ends above it") {
  Chain chain;
  chain.once("a");
  chain.once("b");
  chain.once("any", {"a", "b"}, model::parse_join("any").value());
  chain.end("a", Outcome::succeeded);
  const RunId run = chain.run("any").id;
  worker::line_up_due(chain.store, chain.now(), 10);
  CHECK(chain.state("any") == "ready");
  SUBCASE("queued") {
    chain.end("b", Outcome::failed);
    CHECK(chain.state("any") == "ready");
  }
  SUBCASE("running") {
    REQUIRE(chain.store.runs().start(run, 1, 0, chain.now()));
    chain.end("b", Outcome::failed);
    CHECK(chain.state("any") == "running");
  }
  CHECK(chain.run("any").edges == model::EdgeCounts{2, 0, 1});
}

TEST_CASE("a held run is placed when it is released") {
  for (const Outcome outcome : {Outcome::succeeded, Outcome::failed}) {
    Chain chain;
    chain.once("up");
    chain.once("held", {"up"});
    chain.once("below", {"held"});
    const RunId held = chain.run("held").id;
    REQUIRE(chain.store.runs().hold(held));
    CHECK(chain.end("up", outcome).empty());
    CHECK(chain.state("held") == "held");
    CHECK(chain.run("held").edges.open == 0);
    chain.store.runs().wait(held, std::nullopt, {});
    const auto skipped = worker::refresh(chain.store, held, chain.now());
    if (outcome == Outcome::succeeded) {
      CHECK(skipped.empty());
      CHECK(chain.due("held"));
    } else {
      CHECK(skipped == std::vector<RunId>{held, chain.run("below").id});
    }
  }
}

TEST_CASE("an upstream that is retried opens its edges again, and ends them once more") {
  Chain chain;
  chain.once("a");
  chain.once("b");
  chain.once("any", {"a", "b"}, model::parse_join("any").value());
  chain.once("below", {"any"});
  const RunId a = chain.run("a").id;
  const RunId any = chain.run("any").id;
  chain.end("a", Outcome::failed);
  chain.store.runs().reopen(a, std::nullopt, chain.now());
  worker::refresh(chain.store, a, chain.now());
  worker::refresh(chain.store, any, chain.now());
  CHECK(chain.run("any").edges == model::EdgeCounts{2, 2, 0});
  chain.end("a", Outcome::succeeded);
  chain.end("b", Outcome::succeeded);
  CHECK(chain.run("any").edges == model::EdgeCounts{2, 0, 2});
  CHECK(chain.due("any"));
}

TEST_CASE("what was skipped waits again once what it comes after is retried") {
  Chain chain;
  chain.once("up");
  chain.once("down", {"up"});
  chain.end("up", Outcome::failed);
  CHECK(chain.state("down") == "finished: skipped");
  const RunId up = chain.run("up").id;
  const RunId down = chain.run("down").id;
  chain.store.runs().reopen(up, std::nullopt, chain.now());
  worker::refresh(chain.store, up, chain.now());
  chain.store.runs().reopen(down, std::nullopt, chain.now());
  CHECK(worker::refresh(chain.store, down, chain.now()).empty());
  CHECK(chain.state("down") == "waiting");
  CHECK_FALSE(chain.due("down"));
  chain.end("up", Outcome::succeeded);
  CHECK(chain.due("down"));
}

TEST_CASE("what has ended and what is not there are passed over") {
  Chain chain;
  chain.once("up");
  chain.once("down", {"up"});
  chain.end("up", Outcome::succeeded);
  CHECK(worker::advance(chain.store, {RunId(99), chain.run("down").id}, chain.now()).empty());
  CHECK(worker::refresh(chain.store, chain.run("up").id, chain.now()).empty());
  CHECK(worker::refresh(chain.store, RunId(99), chain.now()).empty());
  CHECK(chain.run("down").edges == model::EdgeCounts{1, 0, 1});
}
