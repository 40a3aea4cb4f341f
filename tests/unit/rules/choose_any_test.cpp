// Random sets of queues, resources and runs.
#include "unit/rules/choose_at_hand.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

using namespace sched;
using model::QueueId;
using test::queue_of;

TEST_CASE("whatever comes, nothing is exceeded, and all that is possible runs in the end") {
  std::mt19937_64 random(7);
  const auto below = [&](int bound) {
    return static_cast<int>(random() % static_cast<unsigned>(bound));
  };
  for (int round = 0; round < 300; ++round) {
    const std::vector<model::Resource> resources = {{"r", 1000 * (1 + below(4)), {}},
                                                    {"s", 500 * (1 + below(4)), {}}};
    std::vector<model::Queue> queues;
    for (int i = 0; i < 1 + below(3); ++i) {
      queues.push_back(queue_of(i + 1, below(3), 1 + below(5)));
    }
    test::Market market;
    market.queues = queues;
    market.resources = resources;
    int open = 0;
    for (int i = 0; i < 1 + below(8); ++i) {
      model::Needs needs;
      if (below(2) == 0) {
        needs.amounts.push_back({"r", 500 * (1 + below(2))});
        if (below(3) == 0) {
          needs.others.push_back({{"s", 500}});
        }
      }
      if (needs.others.empty() && below(3) == 0) {
        needs.amounts.push_back({"s", 500});
      }
      if (below(4) == 0) {
        needs.locks.push_back({"l", below(2) == 0});
      }
      const std::size_t lane = market.lane(1 + below(static_cast<int>(queues.size())), needs);
      for (int run = 0; run < 1 + below(5); ++run) {
        market.come(lane, below(10),
                    below(2) == 0 ? std::nullopt : std::optional(time::Duration(below(5000))));
        ++open;
      }
    }
    for (int pass = 0; open > 0; ++pass) {
      REQUIRE(pass < 1000);
      market.now += std::chrono::seconds(1);
      open -= static_cast<int>(market.pass(1 + below(3)).size());
      std::map<std::string, std::int64_t> held;
      std::map<QueueId, std::int64_t> running;
      std::int64_t alone = 0;
      std::int64_t together = 0;
      for (const auto& run : market.running) {
        const model::Lane& lane = market.lanes[run.lane];
        ++running[lane.queue];
        for (const model::Need& need : lane.needs.amounts_of(run.choice)) {
          held[need.resource] += need.amount;
        }
        for (const model::Lock& lock : lane.needs.locks) {
          ++(lock.shared ? together : alone);
        }
      }
      for (const model::Resource& resource : resources) {
        CHECK(held[resource.name] <= resource.capacity);
      }
      for (const model::Queue& queue : queues) {
        CHECK((queue.slots == 0 || running[queue.id] <= queue.slots));
      }
      CHECK((alone == 0 || alone + together == 1));
      // Something ends: any one of what runs.
      std::erase_if(market.running, [&](const auto&) { return below(2) == 0 || pass % 7 == 6; });
    }
  }
}
