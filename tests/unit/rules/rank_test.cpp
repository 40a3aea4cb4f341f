#include "rules/rank.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using namespace sched;
using namespace std::chrono_literals;

namespace {

constexpr time::Duration k_day = std::chrono::hours(24);

struct Candidate {
  char name;
  time::Duration since;  ///< Behind some midnight.
  int priority;
  std::optional<time::Duration> usual;
  std::optional<time::Duration> deadline = std::nullopt;  ///< Behind that midnight too.
};

std::string order(const model::Queue& queue, std::vector<Candidate> all) {
  std::stable_sort(all.begin(), all.end(), [&](const Candidate& a, const Candidate& b) {
    const auto rank = [&](const Candidate& c) {
      const time::Instant midnight = time::from_ms(0) + k_day;
      return rules::rank(queue,
                         {midnight + c.since, c.priority, c.usual,
                          c.deadline ? std::optional(midnight + *c.deadline) : std::nullopt});
    };
    return rank(a) < rank(b);
  });
  std::string names;
  for (const Candidate& candidate : all) {
    names += candidate.name;
  }
  return names;
}

model::Queue queue_of(const char* policy, std::optional<time::Duration> ageing = 10min) {
  model::Queue queue;
  queue.policy = model::parse_queue_policy(policy).value();
  queue.ageing = ageing;
  return queue;
}

}  // namespace

TEST_CASE("each policy has its order") {
  // The picture of sched-queue(1) is among them.
  const std::vector<Candidate> picture = {
      {'a', 0min, 0, {}}, {'b', 5min, 1, {}}, {'c', 15min, 1, {}}};
  const std::vector<Candidate> lengths = {
      {'l', 0s, 0, 60s}, {'s', 1s, 0, 1s}, {'u', 2s, 0, {}}, {'m', 3s, 0, 30s}};
  const std::vector<Candidate> deadlines = {{'n', 0s, 0, {}},     {'f', 1s, 0, {}, 25h},
                                            {'h', 2s, 0, {}, 1h}, {'p', 3s, 5, {}, 100min},
                                            {'d', 4h, 0, {}, 3h}, {'l', 5h, 0, {}, 5h + 1s}};
  struct Row {
    const char* policy;
    std::optional<time::Duration> ageing;
    const std::vector<Candidate>* candidates;
    const char* expected;
  };
  for (const Row& row : {Row{"fifo", 10min, &picture, "abc"},
                         {"priority", 10min, &picture, "bac"},
                         {"priority", {}, &picture, "bca"},
                         {"priority", 1min, &picture, "abc"},
                         {"shortest", 10min, &lengths, "smlu"},
                         {"fifo", 10min, &lengths, "lsum"},
                         {"priority", 10min, &lengths, "lsum"},
                         {"fifo", 10min, &deadlines, "nfhpdl"},
                         {"deadline", 10min, &deadlines, "hpdlnf"},
                         {"priority,deadline", 10min, &deadlines, "phdlnf"}}) {
    CAPTURE(row.policy);
    CHECK(order(queue_of(row.policy, row.ageing), *row.candidates) == row.expected);
  }
}

TEST_CASE("keys add up") {
  // Ten minutes of waiting make up for a minute of length, and for a point of priority.
  CHECK(order(queue_of("priority,shortest"),
              {{'a', 0s, 0, 10s}, {'b', 0s, 1, 70s}, {'c', 1s, 0, 10s}, {'d', 0s, 1, 71s}}) ==
        "abcd");
}

TEST_CASE("nobody is overtaken by who comes later than the bound that the manual gives") {
  std::mt19937_64 random(20);
  const auto below = [&](int bound) {
    return static_cast<int>(random() % static_cast<unsigned>(bound));
  };
  for (int round = 0; round < 20'000; ++round) {
    const time::Duration ageing = std::chrono::seconds(1 + below(3600));
    const model::Queue queue = queue_of(round % 2 == 0 ? "priority" : "priority,shortest", ageing);
    const rules::RankFacts first{time::from_ms(below(1'000'000'000)), below(2001) - 1000,
                                 std::chrono::milliseconds(below(10'000'000))};
    rules::RankFacts later{first.since, below(2001) - 1000,
                           std::chrono::milliseconds(below(10'000'000))};
    const time::Duration longer = *first.usual - *later.usual;
    const time::Duration bound = ageing * (later.priority - first.priority) +
                                 (queue.policy.shortest ? longer * rules::k_stretch : 0ms);
    later.since = first.since + bound;
    CHECK(rules::rank(queue, first) == rules::rank(queue, later));
    later.since += 1ms;
    CHECK(rules::rank(queue, first) < rules::rank(queue, later));
  }
}

TEST_CASE("a run without a deadline is overtaken by nothing that comes a day later") {
  std::mt19937_64 random(21);
  const model::Queue queue = queue_of("deadline");
  for (int round = 0; round < 20'000; ++round) {
    const auto below = [&](int bound) {
      return std::chrono::milliseconds(random() % static_cast<unsigned>(bound));
    };
    const rules::RankFacts open{time::from_ms(0) + k_day + below(1'000'000'000), 0, {}, {}};
    rules::RankFacts later = open;
    later.since += rules::k_open_end + 1ms + below(1'000'000'000);
    // Whatever its deadline is, and be it long past.
    later.deadline = time::from_ms(0) + below(2'000'000'000);
    CHECK(rules::rank(queue, open) < rules::rank(queue, later));
  }
}

TEST_CASE("the highest priority without ageing is before the lowest for ninety-nine years") {
  const model::Queue queue = queue_of("priority", std::nullopt);
  const time::Instant far = time::from_ms(0) + k_day * 365 * 99;
  CHECK(rules::rank(queue, {far, -999, {}}) < rules::rank(queue, {time::from_ms(0), -1000, {}}));
  CHECK(rules::rank(queue, {far, 1000, {}}) < rules::rank(queue, {far, 999, {}}));
}
