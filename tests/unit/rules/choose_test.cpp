#include "rules/choose.hpp"

#include "rules/turns.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

using namespace sched;
using namespace std::chrono_literals;
using model::LaneId;
using model::QueueId;

namespace {

model::Queue queue_of(std::int64_t id, int slots = 0, int weight = 1) {
  model::Queue queue;
  queue.id = QueueId(id);
  queue.name = "q" + std::to_string(id);
  queue.slots = slots;
  queue.weight = weight;
  return queue;
}

model::Needs needs_of(const std::string& amounts, const std::string& lock = {}) {
  model::Needs needs = amounts.empty() ? model::Needs{} : model::parse_needs(amounts).value();
  return lock.empty() ? needs : model::parse_lock(lock, needs).value();
}

struct Waiting {
  std::int64_t queue;
  std::string amounts;
  std::string lock;
  std::int64_t rank;
};

/// What starts of these runs, one lane each, by their places in the list; `running` of them run
/// already.
std::string starts(const std::vector<model::Queue>& queues,
                   const std::vector<model::Resource>& resources,
                   const std::vector<Waiting>& waiting, const std::vector<Waiting>& running = {}) {
  std::vector<rules::LaneFacts> lanes;
  for (const Waiting& run : waiting) {
    lanes.push_back({LaneId(static_cast<std::int64_t>(lanes.size()) + 1), QueueId(run.queue),
                     needs_of(run.amounts, run.lock), 0});
  }
  for (const Waiting& run : running) {
    lanes.push_back({LaneId(static_cast<std::int64_t>(lanes.size()) + 1), QueueId(run.queue),
                     needs_of(run.amounts, run.lock), 1});
  }
  rules::Chooser chooser(queues, resources, lanes);
  for (const LaneId lane : chooser.open_lanes()) {
    const auto at = static_cast<std::size_t>(lane.value - 1);
    if (at < waiting.size()) {
      chooser.set_head(lane, rules::Head{waiting[at].rank, model::RunId(lane.value)});
    }
  }
  std::string started;
  while (const auto lane = chooser.next()) {
    started += static_cast<char>('a' + lane->value - 1);
    chooser.start(*lane);
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
      std::vector<rules::LaneFacts> lanes;
      for (const model::Queue& queue : queues) {
        lanes.push_back({LaneId(queue.id.value), queue.id, {}, 0});
      }
      rules::Chooser chooser(queues, {}, lanes);
      for (const LaneId lane : chooser.open_lanes()) {
        chooser.set_head(lane, rules::Head{0, model::RunId(lane.value)});
      }
      const LaneId next = chooser.next().value();
      chooser.start(next);
      for (const model::Queue& moved : chooser.moved()) {
        queues[static_cast<std::size_t>(moved.id.value - 1)].turn = moved.turn;
      }
      const auto at = static_cast<std::size_t>(next.value - 1);
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
    std::int64_t all = 0;
    int weights = 0;
    for (std::size_t i = 0; i < taken.size(); ++i) {
      all += taken[i];
      weights += row.weights[i];
    }
    for (std::size_t i = 0; i < taken.size(); ++i) {
      const double share = static_cast<double>(taken[i]) / static_cast<double>(all);
      const double due = static_cast<double>(row.weights[i]) / weights;
      CAPTURE(i);
      CAPTURE(row.weights.size());
      CHECK(share > due * 0.95);
      CHECK(share < due * 1.05);
    }
  }
}

TEST_CASE("a queue that had nothing to start is owed nothing") {
  std::vector<model::Queue> queues = {queue_of(1), queue_of(2)};
  queues[0].turn = {5'000'000, 6'000'000};
  CHECK(rules::next_turn(queues[1].turn, rules::turn_clock(queues)) == 5'000'000);
}

TEST_CASE("a queue that is alone writes down no turns") {
  rules::Chooser chooser({queue_of(1)}, {}, {{LaneId(1), QueueId(1), {}, 0}});
  chooser.set_head(LaneId(1), rules::Head{1, model::RunId(1)});
  REQUIRE(chooser.next() == LaneId(1));
  chooser.start(LaneId(1));
  CHECK(chooser.moved().empty());
  CHECK_FALSE(chooser.next().has_value());
}

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
    std::vector<rules::LaneFacts> lanes;
    std::map<LaneId, int> left;
    for (int i = 0; i < 1 + below(8); ++i) {
      model::Needs needs;
      if (below(2) == 0) {
        needs.amounts.push_back({"r", 500 * (1 + below(2))});
      }
      if (below(3) == 0) {
        needs.amounts.push_back({"s", 500});
      }
      if (below(4) == 0) {
        needs.locks.push_back({"l", below(2) == 0});
      }
      lanes.push_back(
          {LaneId(i + 1), QueueId(1 + below(static_cast<int>(queues.size()))), needs, 0});
      left[LaneId(i + 1)] = 1 + below(5);
    }
    int open = 0;
    for (const auto& [lane, runs] : left) {
      open += runs;
    }
    for (int pass = 0; open > 0; ++pass) {
      REQUIRE(pass < 1000);
      rules::Chooser chooser(queues, resources, lanes);
      for (const LaneId lane : chooser.open_lanes()) {
        if (left[lane] > 0) {
          chooser.set_head(lane, rules::Head{below(10), model::RunId(lane.value)});
        }
      }
      const int slots = 1 + below(3);
      for (int i = 0; i < slots; ++i) {
        const auto lane = chooser.next();
        if (!lane) {
          break;
        }
        chooser.start(*lane);
        ++lanes[static_cast<std::size_t>(lane->value - 1)].running;
        --left[*lane];
        --open;
      }
      for (const model::Queue& moved : chooser.moved()) {
        queues[static_cast<std::size_t>(moved.id.value - 1)].turn = moved.turn;
      }
      std::map<std::string, std::int64_t> held;
      std::map<QueueId, std::int64_t> running;
      std::int64_t alone = 0;
      std::int64_t together = 0;
      for (rules::LaneFacts& lane : lanes) {
        running[lane.queue] += lane.running;
        for (const model::Need& need : lane.needs.amounts) {
          held[need.resource] += need.amount * lane.running;
        }
        for (const model::Lock& lock : lane.needs.locks) {
          (lock.shared ? together : alone) += lane.running;
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
      for (rules::LaneFacts& lane : lanes) {
        if (lane.running > 0 && (below(2) == 0 || pass % 7 == 6)) {
          --lane.running;
        }
      }
    }
  }
}
