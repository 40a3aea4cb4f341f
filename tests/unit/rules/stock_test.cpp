#include "rules/stock.hpp"

#include "rules/explain.hpp"
#include "unit/rules/choose_at_hand.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace sched;

namespace {

constexpr std::int64_t k_giga = 1LL << 30U;

/// Room in gigabytes on a device, wanted by way of a path.
model::Needs room(std::uint64_t device, std::int64_t gigabytes, const char* path = "/d") {
  model::Needs needs;
  needs.space.push_back({path, gigabytes * k_giga, device});
  return needs;
}

model::Needs file(const char* path, bool shared) {
  model::Needs needs;
  needs.files.push_back({path, shared});
  return needs;
}

const rules::Outside k_two_disks = {{{1, 10 * k_giga, 100 * k_giga}, {2, 5 * k_giga, 8 * k_giga}},
                                    {}};

rules::Stock stock_with(const rules::Outside& outside) {
  rules::Stock stock;
  stock.see(outside);
  return stock;
}

void take(rules::Stock& stock, const model::Needs& needs, std::int64_t runs = 1) {
  stock.take(stock.demand(needs, 0), runs);
}

/// Which of these lanes start, one run each, in this order.
std::string begun(const std::vector<model::Needs>& lanes, const rules::Outside& outside) {
  test::Market market;
  market.queues = {test::queue_of(1)};
  market.outside = outside;
  for (const model::Needs& needs : lanes) {
    market.lanes.push_back({model::LaneId(static_cast<std::int64_t>(market.lanes.size()) + 1),
                            model::QueueId(1), needs, "", ""});
    market.come(market.lanes.size() - 1, static_cast<std::int64_t>(market.lanes.size()));
  }
  std::string names;
  for (const model::RunId run : market.pass()) {
    names += static_cast<char>('a' + run.value - 1);
  }
  return names;
}

}  // namespace

TEST_CASE("a run needs room beyond what is kept for those that run on the same file system") {
  rules::Stock stock = stock_with(k_two_disks);
  CHECK(stock.shortages(room(1, 10)).empty());
  CHECK(stock.shortages(room(1, 11)).size() == 1);
  take(stock, room(1, 3), 2);
  CHECK(stock.shortages(room(1, 4)).empty());
  CHECK(stock.shortages(room(2, 5)).empty());  // Another file system.
  const auto missing = stock.shortages(room(1, 5, "/d/out"));
  REQUIRE(missing.size() == 1);
  CHECK(missing[0].name == "/d/out");
  CHECK(missing[0].is_space);
  CHECK(missing[0].needed == 5 * k_giga);
  CHECK(missing[0].free == 4 * k_giga);
  CHECK(missing[0].reserved == 6 * k_giga);
  CHECK(missing[0].capacity == 100 * k_giga);
}

TEST_CASE("more may be kept than there is by now, and two paths of one disk count together") {
  rules::Stock stock = stock_with(k_two_disks);
  take(stock, room(2, 7));
  REQUIRE(stock.shortages(room(2, 1)).size() == 1);
  CHECK(stock.shortages(room(2, 1))[0].free == 0);
  model::Needs both = room(1, 6, "/a");
  both.space.push_back({"/b", 6 * k_giga, 1});
  CHECK(stock.shortages(both).size() == 2);
  both.space.back().device = 2;
  both.space.back().bytes = 1;
  CHECK(stock.shortages(both).size() == 1);
}

TEST_CASE("room for the first in line is kept from those behind, unless it can never be had") {
  struct Row {
    std::vector<model::Needs> lanes;
    const char* expected;
  };
  for (const Row& row :
       std::vector<Row>{{{room(1, 6), room(1, 6), room(1, 1)}, "a"},
                        {{room(1, 6), room(1, 6), room(2, 1), {}}, "acd"},
                        {{room(1, 6), room(1, 4)}, "ab"},
                        {{room(1, 11), room(1, 1, "/d/other")}, ""},
                        {{room(1, 101), room(1, 1)}, "b"},  // More than the disk has in all.
                        {{room(0, 1), room(1, 1)}, "b"},    // No such path: it keeps nothing.
                        {{room(0, 1)}, ""}}) {
    CHECK(begun(row.lanes, k_two_disks) == row.expected);
  }
}

TEST_CASE("the lock of a file is alone or shared, and no named lock") {
  model::Needs named;
  named.locks.push_back({"/f", false});
  struct Row {
    std::vector<model::Needs> lanes;
    const char* expected;
  };
  for (const Row& row : std::vector<Row>{
           {{file("/f", false), file("/f", false), file("/g", false)}, "ac"},
           {{file("/f", true), file("/f", true), file("/f", false), file("/f", true)}, "ab"},
           {{file("/f", false), named}, "ab"}}) {
    CHECK(begun(row.lanes, {}) == row.expected);
  }
}

TEST_CASE("what somebody outside has locked is not begun, and told apart from what a run has") {
  const rules::Outside outside = {{}, {{"/alone", true}, {"/shared", false}}};
  CHECK(begun({file("/alone", false), file("/alone", true), file("/free", false)}, outside) == "c");
  CHECK(begun({file("/shared", true), file("/shared", false)}, outside) == "a");
  // Who wants it alone and comes first is not overtaken for ever.
  CHECK(begun({file("/shared", false), file("/shared", true)}, outside).empty());
  rules::Stock stock = stock_with(outside);
  CHECK(stock.shortages(file("/alone", true))[0].is_outside);
  take(stock, file("/alone", false));  // It was a run of ours.
  CHECK_FALSE(stock.shortages(file("/alone", true))[0].is_outside);
}

TEST_CASE("a want of room or of a file's lock is explained with its figures") {
  struct Row {
    model::Needs running;
    model::Needs needs;
    const char* what;
  };
  for (const Row& row : std::vector<Row>{
           {{}, room(1, 20), "needs 20G free in /d; 10G are"},
           {room(1, 6), room(1, 5),
            "needs 5G free in /d; 4G are beside the 6G kept for runs in progress"},
           {{}, room(2, 9), "needs 9G free in /d, whose file system has 8G in all"},
           {{}, room(0, 1), "needs room in /d, and there is no such path"},
           {file("/f", true), file("/f", false), "another run holds the lock of /f"}}) {
    rules::Stock stock = stock_with(k_two_disks);
    take(stock, row.running);
    rules::ExplainFacts facts;
    facts.workers = facts.slots = 1;
    facts.run.emplace();
    facts.run->state = model::RunState::queued;
    facts.shortages = stock.shortages(row.needs);
    const auto obstacles = rules::explain(facts);
    REQUIRE(obstacles.size() == 1);
    CHECK(obstacles[0].kind == rules::Obstacle::Kind::resource);
    CHECK(obstacles[0].what == row.what);
    CHECK_FALSE(obstacles[0].remove.empty());
  }
}

TEST_CASE("who holds a file's lock outside is told once the run's moment has come") {
  rules::ExplainFacts facts;
  facts.workers = facts.slots = 1;
  facts.now = time::from_ms(1'800'000'000'000);
  facts.run.emplace();
  facts.run->state = model::RunState::waiting;
  facts.run->not_before = facts.now;
  facts.file_holders = {{"/f", "process 17 (rsync)"}};
  auto obstacles = rules::explain(facts);
  REQUIRE(obstacles.size() == 1);
  CHECK(obstacles[0].kind == rules::Obstacle::Kind::file_lock);
  CHECK(obstacles[0].what == "process 17 (rsync) has the lock of /f");
  facts.file_holders[0].who.clear();
  CHECK(rules::explain(facts)[0].what == "somebody outside has the lock of /f");
  facts.run->not_before += std::chrono::minutes(1);
  obstacles = rules::explain(facts);
  REQUIRE(obstacles.size() == 1);
  CHECK(obstacles[0].kind == rules::Obstacle::Kind::moment);
}

TEST_CASE("who waits for something outside keeps from others no more than that") {
  test::Market market;
  market.queues = {test::queue_of(1)};
  market.resources = {{"cpu", 8000, {}}};
  market.outside = {{{1, 10 * k_giga, 100 * k_giga}}, {{"/held", true}}};
  model::Needs first = test::needs_of("cpu=8");
  first.space = room(1, 20).space;
  model::Needs second = test::needs_of("cpu=8");
  second.files = file("/held", false).files;
  using Runs = std::vector<model::RunId>;
  market.come(market.lane(1, first), 1);
  market.come(market.lane(1, second), 2);
  const auto small = market.come(market.lane(1, test::needs_of("cpu=3")), 3);
  model::Needs both = test::needs_of("cpu");
  both.space = room(1, 1).space;
  market.come(market.lane(1, both), 4);  // What is free there is kept for the first.
  model::Needs shared = file("/held", true);
  market.come(market.lane(1, shared), 5);
  CHECK(market.pass() == Runs{small});
}
