#include "rules/choose.hpp"

#include "rules/turns.hpp"
#include "unit/rules/choose_at_hand.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

using namespace sched;
using namespace std::chrono_literals;
using model::LaneId;
using model::QueueId;
using test::needs_of;
using test::queue_of;

namespace {

struct Waiting {
  std::int64_t queue;
  std::string amounts;
  std::string lock;
  std::int64_t rank;
};

/// What starts of these runs, by their places in the list; `running` of them run already.
std::string starts(const std::vector<model::Queue>& queues,
                   const std::vector<model::Resource>& resources,
                   const std::vector<Waiting>& waiting, const std::vector<Waiting>& running = {}) {
  test::Market market;
  market.queues = queues;
  market.resources = resources;
  for (const Waiting& run : waiting) {
    market.come(market.lane(run.queue, needs_of(run.amounts, run.lock)), run.rank);
  }
  for (const Waiting& run : running) {
    market.runs_already(market.lane(run.queue, needs_of(run.amounts, run.lock)));
  }
  std::string started;
  for (const model::RunId run : market.pass()) {
    started += static_cast<char>('a' + run.value - 1);
  }
  return started;
}

}  // namespace

TEST_CASE("limits come before order") {
  const std::vector<model::Resource> two = {{"r", 2000, {}}, {"s", 1000, {}}};
  model::Queue paused = queue_of(2);
  paused.state = model::QueueState::paused;
  model::Queue draining = queue_of(2);
  draining.state = model::QueueState::draining;
  struct Row {
    const char* what;
    std::vector<model::Queue> queues;
    std::vector<Waiting> waiting;
    std::vector<Waiting> running;
    const char* expected;
  };
  for (const Row& row : std::vector<Row>{
           {"by rank", {queue_of(1)}, {{1, "", "", 3}, {1, "", "", 1}, {1, "", "", 2}}, {}, "bca"},
           {"a full queue slows no other",
            {queue_of(1), queue_of(2, 1)},
            {{2, "", "", 1}, {1, "", "", 5}},
            {{2, "", "", 0}},
            "b"},
           {"as many as it has slots",
            {queue_of(1, 2)},
            {{1, "", "", 1}, {1, "", "", 2}, {1, "", "", 3}},
            {},
            "ab"},
           {"a paused queue", {queue_of(1), paused}, {{2, "", "", 1}, {1, "", "", 2}}, {}, "b"},
           {"a draining one goes on", {queue_of(1), draining}, {{2, "", "", 1}}, {}, "a"},
           {"all of it at once", {queue_of(1)}, {{1, "r=2,s", "", 1}, {1, "r", "", 2}}, {}, "a"},
           {"what the first lacks is kept for it",
            {queue_of(1)},
            {{1, "r=2", "", 1}, {1, "r", "", 2}, {1, "s", "", 3}, {1, "", "", 4}},
            {{1, "r", "", 0}},
            "cd"},
           {"what lacks nothing goes past",
            {queue_of(1)},
            {{1, "r=2", "", 2}, {1, "r", "", 1}},
            {},
            "b"},
           {"more than there is keeps nothing",
            {queue_of(1)},
            {{1, "r=3", "", 1}, {1, "r=2", "", 2}},
            {},
            "b"},
           {"what there is not", {queue_of(1)}, {{1, "t", "", 1}, {1, "r", "", 2}}, {}, "b"},
           {"a lock is held alone", {queue_of(1)}, {{1, "", "l", 1}, {1, "", "l", 2}}, {}, "a"},
           {"or shared",
            {queue_of(1)},
            {{1, "", "l:shared", 1}, {1, "", "l:shared", 2}, {1, "", "l", 3}},
            {},
            "ab"},
           {"who wants it alone is not starved by those who share",
            {queue_of(1)},
            {{1, "", "l", 1}, {1, "", "l:shared", 2}},
            {{1, "", "l:shared", 0}},
            ""},
           {"also by those of other queues",
            {queue_of(1), queue_of(2)},
            {{1, "r=2", "", 9}, {2, "r", "", 1}},
            {{2, "r", "", 0}},
            ""},
       }) {
    CAPTURE(row.what);
    CHECK(starts(row.queues, two, row.waiting, row.running) == row.expected);
  }
}

TEST_CASE("queues share slots by their weights, whatever their runs take") {
  struct Row {
    std::vector<int> weights;
    std::vector<int> lengths_ms;
    int slots;
  };
  for (const Row& row : {Row{{1, 1}, {100, 100}, 1},
                         {{3, 1}, {100, 100}, 1},
                         {{1, 1}, {1000, 10}, 1},
                         {{5, 2, 1}, {50, 50, 50}, 4},
                         {{2, 1}, {30, 90}, 3}}) {
    std::vector<model::Queue> queues;
    for (std::size_t i = 0; i < row.weights.size(); ++i) {
      queues.push_back(queue_of(static_cast<std::int64_t>(i) + 1, 0, row.weights[i]));
    }
    std::multimap<std::int64_t, std::size_t> ends;  // by moment, of which queue
    std::vector<std::int64_t> taken(queues.size());
    std::int64_t now = 0;
    int runs = 0;
    for (; runs < 1000 || now < 100'000; ++runs) {
      test::Market market;
      market.queues = queues;
      for (const model::Queue& queue : queues) {
        market.come(market.lane(queue.id.value, {}), 0);
      }
      const auto at = static_cast<std::size_t>(market.pass(1).front().value - 1);
      queues = market.queues;
      ends.emplace(now + row.lengths_ms[at], at);
      if (ends.size() == static_cast<std::size_t>(row.slots)) {
        const auto [moment, ended] = *ends.begin();
        ends.erase(ends.begin());
        now = moment;
        taken[ended] += row.lengths_ms[ended];
        queues[ended].turn =
            rules::pay(queues[ended], std::chrono::milliseconds(row.lengths_ms[ended]));
      }
    }
    test::check_shares(taken, row.weights);
  }
}

TEST_CASE("a queue that had nothing to start is owed nothing") {
  std::vector<model::Queue> queues = {queue_of(1), queue_of(2)};
  queues[0].turn = {5'000'000, 6'000'000};
  CHECK(rules::next_turn(queues[1].turn, rules::turn_clock(queues)) == 5'000'000);
}

TEST_CASE("a queue that is alone writes down no turns") {
  test::Market market;
  market.queues = {queue_of(1)};
  market.come(market.lane(1, {}), 1);
  rules::Chooser chooser(market.queues, {}, {}, market.lookup(), {});
  const auto choice = chooser.next();
  REQUIRE(choice);
  market.waiting.clear();
  chooser.start(*choice);
  CHECK(chooser.moved().empty());
  CHECK_FALSE(chooser.next().has_value());
}

TEST_CASE("of what waits for the last of something nobody is looked up") {
  test::Market market;
  market.queues = {queue_of(1), queue_of(2, 1)};
  market.resources = {{"r", 1000, {}}};
  market.come(market.lane(1, needs_of("r")), 1);
  market.come(market.lane(1, needs_of("", "l")), 1);
  market.come(market.lane(2, {}), 1);
  market.runs_already(market.lane(1, needs_of("r")));
  market.runs_already(market.lane(1, needs_of("", "l")));
  market.runs_already(market.lane(2, {}));
  CHECK(market.pass().empty());
  CHECK(market.asked.empty());
  market.running.clear();
  CHECK(market.pass().size() == 3);
}

TEST_CASE("guaranteed slots go first, and are lent while nobody wants them") {
  test::Market market;
  market.queues = {queue_of(1), queue_of(2, 0, 1)};
  market.queues[1].guaranteed = 2;
  for (int i = 0; i < 6; ++i) {
    market.come(market.lane(1, {}), i);  // runs 1 to 6
  }
  CHECK(market.pass(4).size() == 4);  // All slots are lent.
  for (int i = 0; i < 4; ++i) {
    market.come(market.lane(2, {}), 100 + i);  // runs 7 to 10
  }
  market.running.erase(market.running.begin(), market.running.begin() + 2);
  using Runs = std::vector<model::RunId>;
  CHECK(market.pass(2) == Runs{model::RunId(7), model::RunId(8)});
  // From then on in turns.
  market.running.clear();
  market.runs_already(market.lane(2, {}));
  market.runs_already(market.lane(2, {}));
  CHECK(market.pass(3) == Runs{model::RunId(5), model::RunId(6), model::RunId(9)});
}

TEST_CASE("where the first choice can't be had, the next that fits is taken") {
  test::Market market;
  market.queues = {queue_of(1)};
  market.resources = {{"gpu", 1000, {}}, {"cpu", 16000, {}}};
  model::Needs needs = needs_of("gpu");
  needs = model::parse_other_needs("cpu=8", needs).value();
  for (int i = 0; i < 5; ++i) {
    market.come(market.lane(1, needs), i);
  }
  CHECK(market.pass().size() == 3);
  std::map<int, int> taken;
  for (const auto& run : market.running) {
    ++taken[run.choice];
  }
  CHECK(taken[0] == 1);
  CHECK(taken[1] == 2);
  CHECK(market.pass().empty());
}
