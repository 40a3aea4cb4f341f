#include "unit/rules/choose_at_hand.hpp"

#include <memory>
#include <random>

using namespace sched;
using namespace sched::test;
using model::RunId;

namespace {

model::Queue urgent(std::int64_t id, int slots = 0,
                    model::Preempt preempt = model::Preempt::requeue) {
  model::Queue queue = queue_of(id, slots);
  queue.preempt = preempt;
  return queue;
}

struct Square : Market {
  std::vector<rules::Victim> victims;

  std::unique_ptr<rules::Chooser> chooser() {
    return std::make_unique<rules::Chooser>(queues, resources, loads(), lookup(), now);
  }
  /// One that runs and may have to give way.
  RunId victim(std::size_t lane, bool is_ours = true) {
    const RunId run = runs_already(lane);
    victims.push_back({{run, lanes[lane], 0, 0, now}, is_ours});
    return run;
  }
  /// Who gives way to the first of queue 1: their places; "-" is nobody.
  std::string displaced(bool suspends = false, bool has_slot = false) {
    const auto made = chooser();
    const auto first = made->first_in(model::QueueId(1));
    const auto found = first ? made->displace(*first, victims, suspends, has_slot) : std::nullopt;
    std::string text;
    for (const std::size_t at : found ? found->victims : std::vector<std::size_t>()) {
      text += std::to_string(at);
    }
    return text.empty() ? "-" : text;
  }
};

}  // namespace

TEST_CASE("for want of a slot of the worker one of its own gives way, the first of them") {
  Square square;
  square.queues = {urgent(1), queue_of(2)};
  const auto lane = square.lane(2, {});
  square.victim(lane, false);
  square.victim(lane);
  square.victim(lane);
  CHECK(square.displaced() == "-");
  square.come(square.lane(1, {}), 0);
  CHECK(square.displaced() == "1");
  CHECK(square.displaced(true) == "1");
  CHECK(square.displaced(false, true) == "-");  // A slot is free: nothing stands in its way.
}

TEST_CASE("as few give way as need be, and nobody in vain") {
  Square square;
  square.queues = {urgent(1), queue_of(2)};
  square.resources = {{"cpu", 8 * model::k_one, {}}, {"memory", 8 * model::k_one, {}}};
  const auto small = square.lane(2, needs_of("cpu=1,memory=1"));
  const auto large = square.lane(2, needs_of("cpu=4,memory=4"));
  square.victim(small);
  square.victim(large);
  square.victim(small);
  square.victim(small);  // One of each is free.
  struct Row {
    const char* needs;
    const char* requeue;
    const char* suspend;  ///< Frees CPUs only.
  };
  for (const Row& row :
       {Row{"cpu=2", "0", "0"}, Row{"cpu=3", "1", "1"}, Row{"cpu=6", "01", "01"},
        Row{"cpu=8", "0123", "0123"}, Row{"cpu=9", "-", "-"}, Row{"memory=2", "0", "-"},
        Row{"memory=1,cpu=2", "0", "0"}, Row{"memory=5", "1", "-"}}) {
    CAPTURE(row.needs);
    Square each = square;
    each.come(each.lane(1, needs_of(row.needs)), 0);
    CHECK(each.displaced() == row.requeue);
    CHECK(each.displaced(true) == row.suspend);
  }
}

TEST_CASE("for want of a slot of its queue one of that gives way") {
  Square square;
  square.queues = {urgent(1, 2), queue_of(2)};
  square.victim(square.lane(2, {}));
  square.victim(square.lane(1, {}));
  square.victim(square.lane(1, {}));
  square.come(square.lane(1, {}), 0);
  CHECK(square.displaced(false, true) == "1");
}

TEST_CASE("what comes free is for who displaced, and not for who is first in line otherwise") {
  Square square;
  square.queues = {urgent(1, 1), queue_of(2), queue_of(3)};
  square.resources = {{"cpu", 2 * model::k_one, {}}};
  const auto lane = square.lane(1, needs_of("cpu=2"));
  const auto other = square.lane(2, needs_of("cpu=1"));
  const RunId first = square.come(lane, 5);
  square.come(lane, 1);   // It came since, and is before it in line.
  square.come(other, 0);  // There is room for it, and that is kept.
  square.runs_already(other);
  const RunId free = square.come(square.lane(3, {}), 9);  // It needs none of that.
  auto chooser = square.chooser();
  chooser->favour({{first, square.lanes[lane].id, model::QueueId(1)}});
  CHECK_FALSE(chooser->next(true));
  const auto choice = chooser->next();
  REQUIRE(choice);
  CHECK(choice->run == free);
  square.running.clear();
  chooser = square.chooser();
  chooser->favour({{first, square.lanes[lane].id, model::QueueId(1)}});
  const auto next = chooser->next(true);
  REQUIRE(next);
  CHECK(next->run == first);
  chooser->start(*next);
  CHECK(chooser->favoured() == 0);
}

TEST_CASE("whatever there is, those who give way make room, and no fewer of them would") {
  std::mt19937_64 random(7);
  const auto draw = [&](int below) {
    return static_cast<int>(random() % static_cast<unsigned>(below));
  };
  for (int round = 0; round < 3000; ++round) {
    Square square;
    square.queues = {urgent(1, draw(3)), queue_of(2)};
    square.resources = {{"cpu", (1 + draw(6)) * model::k_one, {}}};
    std::int64_t used = 0;
    const std::int64_t all = square.resources.front().capacity / model::k_one;
    for (int i = draw(6); i > 0; --i) {
      const int cpus = draw(3);
      if (used + cpus > all) {
        break;
      }
      used += cpus;
      const std::string needs = cpus > 0 ? "cpu=" + std::to_string(cpus) : "";
      square.victim(square.lane(1 + draw(2), needs_of(needs)), draw(2) == 0);
    }
    const int wanted = draw(5);
    square.come(square.lane(1, needs_of(wanted > 0 ? "cpu=" + std::to_string(wanted) : "")), 0);
    const bool has_slot = draw(2) == 0;
    const auto chooser = square.chooser();
    const auto first = chooser->first_in(model::QueueId(1));
    REQUIRE(first);
    const auto found = chooser->displace(*first, square.victims, draw(2) == 0, has_slot);
    /// Whether it could start if these were gone.
    const auto would_do = [&](const std::vector<std::size_t>& gone) {
      std::int64_t cpus = all - used;
      int in_queue = 0;
      bool slot = has_slot;
      for (std::size_t at = 0; at < square.victims.size(); ++at) {
        const rules::Victim& one = square.victims[at];
        const bool is_gone = std::find(gone.begin(), gone.end(), at) != gone.end();
        in_queue += !is_gone && one.standing.lane.queue.value == 1 ? 1 : 0;
        slot = slot || (is_gone && one.is_ours);
        for (const model::Need& need : one.standing.lane.needs.amounts) {
          cpus += is_gone ? need.amount / model::k_one : 0;
        }
      }
      const int slots = square.queues.front().slots;
      return slot && cpus >= wanted && (slots == 0 || in_queue < slots);
    };
    std::vector<std::size_t> everybody(square.victims.size());
    std::iota(everybody.begin(), everybody.end(), std::size_t{0});
    CHECK(found.has_value() == (would_do(everybody) && !would_do({})));
    if (found) {
      CHECK(would_do(found->victims));
      for (const std::size_t spared : found->victims) {
        std::vector<std::size_t> fewer = found->victims;
        std::erase(fewer, spared);
        CHECK_FALSE(would_do(fewer));
      }
    }
  }
}
