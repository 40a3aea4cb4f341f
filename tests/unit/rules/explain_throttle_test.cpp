#include "rules/explain.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace sched;
using namespace std::chrono_literals;
using model::Strain;
using model::StrainKind;
using Kind = rules::Obstacle::Kind;

TEST_CASE("what the machine takes from workers is told with figures") {
  struct Row {
    const char* name;
    int workers;
    int slots;
    std::vector<model::Throttle> throttles;
    Kind kind;
    const char* what;
  };
  const time::Instant now = time::from_ms(1'800'000'000'000);
  const model::Throttle slowed{{1, 8}, 3, Strain{StrainKind::cpu, 71, 60}, false, now};
  const model::Throttle stopped{{1, 8}, 3, Strain{StrainKind::memory, 43, 30}, true, now};
  for (const Row& row : std::vector<Row>{
           {"fixed", 1, 3, {}, Kind::slots, "all 3 slots of the workers are taken, and "},
           {"slowed",
            1,
            3,
            {slowed},
            Kind::slots,
            "taken (3 of 1..8 slots, cpu pressure 71%, above 60%), and it is the next"},
           {"two", 2, 6, {slowed, slowed}, Kind::slots, "above 60%; 3 of 1..8 slots, cpu"},
           {"stopped",
            1,
            3,
            {stopped},
            Kind::memory_pressure,
            "nothing starts: memory pressure 43%, above 30%, since "},
           {"one stands by", 2, 3, {stopped}, Kind::memory_pressure, "nothing starts"},
           {"another works", 2, 5, {stopped}, Kind::slots, "all 5 slots"}}) {
    CAPTURE(row.name);
    rules::ExplainFacts facts;
    facts.task = "report";
    facts.now = now;
    facts.workers = row.workers;
    facts.slots = row.slots;
    facts.running = row.slots;
    facts.throttles = row.throttles;
    facts.run.emplace();
    facts.run->state = model::RunState::queued;
    const auto found = rules::explain(facts);
    REQUIRE(!found.empty());
    CHECK(found.front().kind == row.kind);
    CHECK(found.front().what.find(row.what) != std::string::npos);
  }
}
