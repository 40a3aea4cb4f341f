#include "rules/explain.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace sched;
using namespace std::chrono_literals;
using Kind = rules::Obstacle::Kind;

namespace {

const time::Instant k_now = time::from_ms(1'800'000'000'000);

rules::ExplainFacts facts_of(model::RunState state) {
  rules::ExplainFacts facts;
  facts.task = "high";
  facts.now = k_now;
  facts.workers = 1;
  facts.slots = 1;
  facts.running = 1;
  facts.queue.name = "urgent";
  facts.run.emplace();
  facts.run->id = model::RunId(17);
  facts.run->state = state;
  facts.run->attempts = 1;
  facts.run->started_at = k_now - 1min;
  return facts;
}

}  // namespace

TEST_CASE("who displaces others waits for each of them, as long as it has grace") {
  rules::ExplainFacts facts = facts_of(model::RunState::queued);
  facts.giving_way = {{model::RunId(7), "low", k_now - 3s, 10s},
                      {model::RunId(8), "lower", k_now - 3s, 2s}};
  const auto found = rules::explain(facts);
  REQUIRE(found.size() == 2);
  CHECK(found[0].kind == Kind::giving_way);
  CHECK(found[0].what == "run-7 of low is being ended for it, for 3s; it is killed in 7s");
  CHECK(found[0].remove == "nothing to do: it starts when that has ended");
  CHECK(found[1].what == "run-8 of lower is being ended for it, for 3s; its grace of 2s is over");
}

TEST_CASE("who is being displaced says so while it still runs") {
  rules::ExplainFacts facts = facts_of(model::RunState::running);
  CHECK(rules::explain(facts).front().what == "attempt 1 has been running for 1m");
  facts.run->reason = "displaced by run-2 of high";
  const auto found = rules::explain(facts);
  REQUIRE(found.size() == 1);
  CHECK(found.front().kind == Kind::running);
  CHECK(found.front().what == "attempt 1 is being ended: displaced by run-2 of high");
}
