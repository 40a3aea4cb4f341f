#include "unit/rules/choose_at_hand.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace sched;
using namespace std::chrono_literals;
using test::needs_of;
using test::queue_of;

namespace {

using Runs = std::vector<model::RunId>;

/// One queue with two of r, of which one is taken; the first in line wants both.
struct Line : test::Market {
  explicit Line(std::optional<time::Duration> length, bool eager = false) {
    queues = {queue_of(1)};
    queues[0].eager_backfill = eager;
    resources = {{"r", 2000, {}}, {"s", 3000, {}}};
    runs_already(lane(1, needs_of("r")), length);
    come(lane(1, needs_of("r=2,s")), 1, 1min);
  }
  /// Whether one behind it goes first.
  bool passes(const std::string& needs, std::optional<time::Duration> length) {
    const model::RunId run = come(lane(1, needs_of(needs)), 2, length);
    return pass() == Runs{run};
  }
};

/// When all that `needs` lacks will have come free, by the ends of what runs.
std::optional<time::Instant> foreseen(const test::Market& market, const model::Needs& needs) {
  auto running = market.running;
  std::sort(running.begin(), running.end(),
            [](const auto& a, const auto& b) { return a.since + *a.length < b.since + *b.length; });
  rules::Stock stock(market.resources);
  for (const auto& one : running) {
    stock.take(stock.demand(market.lanes[one.lane].needs, one.choice));
  }
  const rules::Demand demand = stock.demand(needs, 0);
  if (stock.fits(demand)) {
    return market.now;
  }
  for (const auto& one : running) {
    stock.take(stock.demand(market.lanes[one.lane].needs, one.choice), -1);
    if (stock.fits(demand)) {
      return one.since + *one.length;
    }
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("one behind goes first where it will have ended in time, or leaves enough") {
  CHECK(Line(10min).passes("r", 10min));
  CHECK_FALSE(Line(10min).passes("r", 11min));
  CHECK_FALSE(Line(10min).passes("r", std::nullopt));
  CHECK_FALSE(Line(std::nullopt).passes("r", 1s));  // Nobody knows when it would start.
  CHECK(Line(std::nullopt).passes("s=2", 1h));      // It leaves the one that is needed.
  CHECK(Line(std::nullopt).passes("s=2", std::nullopt));
  CHECK_FALSE(Line(std::nullopt).passes("s=3", 1h));
  CHECK_FALSE(Line(10min).passes("s=3", 11min));
  CHECK(Line(10min).passes("s=3", 9min));
  CHECK(Line(10min).passes("", std::nullopt));
}

TEST_CASE("one that must wait keeps no shorter one behind it from going") {
  Line line(10min);
  line.come(line.lane(1, needs_of("r")), 2, 20min);
  line.come(line.lane(1, needs_of("r")), 3);
  const model::RunId third = line.come(line.lane(1, needs_of("r")), 4, 1min);
  CHECK(line.pass() == Runs{third});
}

TEST_CASE("eager: what nobody knows the length of need not wait") {
  CHECK(Line(10min, true).passes("r", std::nullopt));
  CHECK(Line(std::nullopt, true).passes("r", std::nullopt));
  CHECK_FALSE(Line(10min, true).passes("r", 11min));
}

TEST_CASE("what is overdue may end at any moment: nothing goes before") {
  Line line(10min);
  line.now += 20min;
  CHECK_FALSE(line.passes("r", 1s));
}

TEST_CASE("those who were let pass count for the next who would") {
  Line line(10min);
  line.resources[0].capacity = 3000;
  line.waiting.clear();
  line.come(line.lane(1, needs_of("r=3")), 1, 1min);
  line.come(line.lane(1, needs_of("r")), 2, 9min);
  line.come(line.lane(1, needs_of("r")), 3, 9min);
  line.come(line.lane(1, needs_of("r")), 4, 9min);
  CHECK(line.pass() == Runs{model::RunId(4), model::RunId(5)});
}

TEST_CASE("backfill never puts off the first in line, as far as all take what was foreseen") {
  std::mt19937_64 random(11);
  const auto below = [&](int bound) {
    return static_cast<int>(random() % static_cast<unsigned>(bound));
  };
  int overtaken = 0;
  for (int round = 0; round < 400; ++round) {
    test::Market market;
    market.queues = {queue_of(1)};
    market.resources = {{"r", 4000, {}}, {"s", 2000, {}}};
    std::map<model::RunId, std::size_t> lane_of;
    for (int i = 0; i < 30; ++i) {
      model::Needs needs;
      if (below(3) > 0) {
        needs.amounts.push_back({"r", 1000 * (1 + below(4))});
      }
      if (below(2) == 0) {
        needs.amounts.push_back({"s", 1000 * (1 + below(2))});
      }
      if (below(5) == 0) {
        needs.locks.push_back({"l", below(2) == 0});
      }
      const std::size_t lane = market.lane(1, needs);
      lane_of[market.come(lane, i, std::chrono::seconds(1 + below(100)))] = lane;
    }
    std::optional<model::RunId> first;
    std::optional<time::Instant> promised;
    while (true) {
      for (const model::RunId started : market.pass()) {
        overtaken += first && started != *first ? 1 : 0;
      }
      std::optional<model::RunId> now_first;
      std::int64_t lowest = 0;
      for (const auto& [lane, line] : market.waiting) {
        if (!line.empty() && (!now_first || line.begin()->rank < lowest)) {
          lowest = line.begin()->rank;
          now_first = line.begin()->run;
        }
      }
      if (!now_first) {
        break;
      }
      if (now_first != first) {
        first = now_first;
        promised = foreseen(market, market.lanes[lane_of[*first]].needs);
        REQUIRE(promised);
      }
      REQUIRE(market.now <= *promised);  // It still waits, so its start is not before now.
      const auto next = std::min_element(
          market.running.begin(), market.running.end(),
          [](const auto& a, const auto& b) { return a.since + *a.length < b.since + *b.length; });
      REQUIRE(next != market.running.end());
      market.now = next->since + *next->length;
      CHECK(market.now <= *promised);
      std::erase_if(market.running,
                    [&](const auto& one) { return one.since + *one.length <= market.now; });
    }
  }
  CHECK(overtaken > 100);  // Else it would be no test.
}
