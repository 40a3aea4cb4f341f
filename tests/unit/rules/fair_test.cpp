#include "rules/fair.hpp"

#include "unit/rules/choose_at_hand.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace sched;
using namespace std::chrono_literals;
using test::queue_of;

namespace {

constexpr time::Duration k_day = 24h;

model::Task task_of(const std::string& user, std::vector<std::string> tags = {}) {
  model::Task task;
  task.surroundings.environment["LOGNAME"] = user;
  task.tags = std::move(tags);
  return task;
}

}  // namespace

TEST_CASE("a task runs on the account of its user, or of one of its tags") {
  model::FairShares shares;
  CHECK(rules::share_of(shares, task_of("alice", {"x"})) == "alice");
  model::Task both = task_of("alice");
  both.surroundings.environment["USER"] = "bob";
  CHECK(rules::share_of(shares, both) == "bob");
  CHECK(rules::share_of(shares, model::Task{}).empty());
  shares.by = model::FairShares::By::tag;
  CHECK(rules::share_of(shares, task_of("alice", {"a", "b"})) == "a");
  shares.weights["b"] = 2;
  CHECK(rules::share_of(shares, task_of("alice", {"a", "b"})) == "b");
  CHECK(rules::share_of(shares, task_of("alice")).empty());
}

TEST_CASE("what a share has had counts half after each half-life") {
  const time::Instant start{};
  const model::ShareUse use{1h, start};
  CHECK(rules::used_at(use, k_day, start) == 1h);
  CHECK(rules::used_at(use, k_day, start + k_day) == 30min);
  CHECK(rules::used_at(use, k_day, start + 2 * k_day) == 15min);
  CHECK(rules::used_at(use, k_day, start + 1000 * k_day) == 0s);
  CHECK(rules::used_at(use, k_day, start - k_day) == 1h);  // The clock was set back.
  const model::ShareUse later = rules::paid(use, k_day, 10min, start + k_day);
  CHECK(later.used == 40min);
  CHECK(later.as_of == start + k_day);
}

TEST_CASE("shares get what their weights say, within 5 % over a thousand runs") {
  struct Row {
    std::vector<int> weights;
    std::vector<int> lengths_ms;
    int slots;
  };
  for (const Row& row : {Row{{1, 1}, {1000, 1000}, 1},
                         {{3, 1}, {1000, 1000}, 1},
                         {{1, 1}, {5000, 100}, 2},
                         {{5, 2, 1}, {700, 700, 700}, 4},
                         {{2, 1}, {300, 900}, 3}}) {
    test::Market market;
    market.queues = {queue_of(1)};
    market.queues[0].policy.fair = true;
    market.queues[0].fair.half_life = 365 * k_day;
    for (std::size_t i = 0; i < row.weights.size(); ++i) {
      const std::string share(1, static_cast<char>('a' + i));
      market.queues[0].fair.weights[share] = row.weights[i];
      const std::size_t lane = market.lane(1, {}, share);
      for (int run = 0; run < 20'000; ++run) {
        market.come(lane, run, std::chrono::milliseconds(row.lengths_ms[i]));
      }
    }
    std::vector<std::int64_t> taken(row.weights.size());
    int runs = 0;
    while (runs < 1000 || market.now < time::Instant(100s)) {
      runs +=
          static_cast<int>(market.pass(row.slots - static_cast<int>(market.running.size())).size());
      const auto next = std::min_element(
          market.running.begin(), market.running.end(),
          [](const auto& a, const auto& b) { return a.since + *a.length < b.since + *b.length; });
      market.now = next->since + *next->length;
      const std::string& share = market.lanes[next->lane].share;
      model::ShareUse& use = market.uses[model::QueueId(1)][share];
      use = rules::paid(use, market.queues[0].fair.half_life, *next->length, market.now);
      taken[next->lane] += next->length->count();
      market.running.erase(next);
    }
    test::check_shares(taken, row.weights);
  }
}

TEST_CASE("in a share the other keys of the order hold") {
  test::Market market;
  market.queues = {queue_of(1)};
  market.queues[0].policy.fair = true;
  const std::size_t a = market.lane(1, {}, "a");
  const std::size_t b = market.lane(1, {}, "b");
  market.come(a, 5);
  market.come(a, 3);
  market.come(b, 9);
  market.uses[model::QueueId(1)]["a"] = {1h, market.now};
  using Runs = std::vector<model::RunId>;
  CHECK(market.pass() == Runs{model::RunId(3), model::RunId(2), model::RunId(1)});
}

TEST_CASE("long runs count while they run, not only once they have ended") {
  test::Market market;
  market.queues = {queue_of(1)};
  market.queues[0].policy.fair = true;
  const std::size_t a = market.lane(1, {}, "a");
  const std::size_t b = market.lane(1, {}, "b");
  market.runs_already(a);
  market.now += 1h;
  market.uses[model::QueueId(1)]["b"] = {30min, market.now};
  market.come(a, 1);
  const model::RunId other = market.come(b, 2);
  CHECK(market.pass(1) == std::vector<model::RunId>{other});
}

TEST_CASE("the line of a fair queue is drawn as it will go, with what each is expected to take") {
  model::FairShares shares;
  shares.weights["b"] = 2;
  const std::vector<std::string> each = {"a", "a", "b", "b", "b", "c"};
  const std::vector<time::Duration> minutes(each.size(), 1min);
  using Order = std::vector<std::size_t>;
  CHECK(rules::fair_order(shares, {}, each, minutes) == Order{0, 2, 5, 3, 1, 4});
  CHECK(rules::fair_order(shares, {{"a", 1h}, {"b", 2h}}, each, minutes) ==
        Order{5, 0, 2, 3, 1, 4});
  CHECK(rules::fair_order(shares, {}, {}, {}).empty());
}
