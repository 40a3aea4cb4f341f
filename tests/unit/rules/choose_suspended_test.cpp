#include "unit/rules/choose_at_hand.hpp"

#include <memory>

using namespace sched;
using namespace sched::test;
using namespace std::chrono_literals;
using model::RunId;

namespace {

struct Fair : Market {
  std::vector<rules::Standing> suspended;

  /// One that is suspended since then, and what of it still counts.
  RunId still(std::size_t lane, std::int64_t since, std::int64_t rank = 0) {
    const RunId run(++last_run);
    suspended.push_back({run, lanes[lane], 0, rank, time::from_ms(since)});
    return run;
  }
  std::vector<model::LaneLoad> all_loads() const {
    auto all = loads();
    for (const rules::Standing& one : suspended) {
      model::LaneLoad load{one.lane, one.choice, 1, {}, true};
      all.push_back(load);
    }
    return all;
  }
  std::unique_ptr<rules::Chooser> chooser(bool starts = true) {
    auto made = std::make_unique<rules::Chooser>(queues, resources, all_loads(), lookup(), now);
    made->may_go_on(suspended, starts);
    return made;
  }
  /// Who goes, in order, as far as slots and what is needed reach: "3 1!", with ! for a new one.
  std::string all(bool starts = true) {
    const auto made = chooser(starts);
    std::string text;
    while (const auto choice = made->next()) {
      text += (text.empty() ? "" : " ") + std::to_string(choice->run.value) +
              (choice->goes_on ? "" : "!");
      made->start(*choice);
      for (auto& [lane, line] : waiting) {
        std::erase_if(line, [&](const Waiting& one) { return one.run == choice->run; });
      }
    }
    return text;
  }
  rules::Standing runner(std::size_t at) const {
    const Running& one = running[at];
    return {one.run, lanes[one.lane], 0, 0, one.since};
  }
};

model::Queue circle(int slots) {
  model::Queue queue = queue_of(1, slots);
  queue.policy = model::parse_queue_policy("round-robin").value();
  return queue;
}

}  // namespace

TEST_CASE("in turns goes who has waited the longest, whether new or suspended") {
  Fair fair;
  fair.queues = {circle(0)};
  const auto lane = fair.lane(1, {});
  fair.come(lane, 50);   // run 1
  fair.still(lane, 40);  // run 2
  fair.still(lane, 60);  // run 3
  fair.come(lane, 70);   // run 4
  fair.still(lane, 50);  // run 5: beside an equal one it goes on first
  CHECK(fair.all() == "2 5 1! 3 4!");
}

TEST_CASE("elsewhere one that is suspended stands where it stood, before its equals") {
  Fair fair;
  fair.queues = {queue_of(1)};
  const auto lane = fair.lane(1, {});
  fair.still(lane, 99, 10);  // run 1
  fair.come(lane, 10);       // run 2
  fair.come(lane, 5);        // run 3
  CHECK(fair.all() == "3! 1 2!");
}

TEST_CASE("only what is suspended goes on where nothing may start, and in a paused queue") {
  Fair fair;
  fair.queues = {circle(0)};
  const auto lane = fair.lane(1, {});
  fair.come(lane, 1);
  fair.still(lane, 40);
  CHECK(fair.all(false) == "2");
  fair.queues.front().state = model::QueueState::paused;
  CHECK(fair.all() == "2");
}

TEST_CASE("what is suspended has no slot and no CPUs, but all else") {
  Fair fair;
  fair.queues = {queue_of(1, 1)};
  fair.resources = {{"cpu", 2 * model::k_one, {}}, {"memory", 4 * model::k_one, {}}};
  const auto large = fair.lane(1, needs_of("cpu=2,memory=3"));
  const auto cpus = fair.lane(1, needs_of("cpu=2"));
  const auto memory = fair.lane(1, needs_of("memory=2"));
  fair.still(large, 0, 5);  // run 1
  fair.come(memory, 1);     // run 2: its memory is not there
  CHECK(fair.all() == "1");
  fair.come(cpus, 2);  // run 3
  CHECK(fair.all() == "3!");
}

TEST_CASE("one gives way only where somebody can go in its place") {
  Fair fair;
  fair.queues = {circle(2)};
  fair.resources = {{"cpu", 3 * model::k_one, {}}};
  const auto small = fair.lane(1, needs_of("cpu=1"));
  const auto large = fair.lane(1, needs_of("cpu=2"));
  fair.runs_already(small);  // run 1
  fair.runs_already(large);  // run 2
  fair.come(large, 0);       // run 3
  const auto chooser = fair.chooser();
  CHECK_FALSE(chooser->next());
  CHECK_FALSE(chooser->next_in_place_of(fair.runner(0)));
  const auto choice = chooser->next_in_place_of(fair.runner(1));
  REQUIRE(choice);
  CHECK(choice->run == RunId(3));
  chooser->start(*choice);
  CHECK_FALSE(chooser->next_in_place_of(fair.runner(0)));
}

TEST_CASE("nobody of another queue goes in the place of one whose slice is over") {
  Fair fair;
  fair.queues = {circle(1), queue_of(2)};
  const auto lane = fair.lane(1, {});
  fair.runs_already(lane);
  fair.come(fair.lane(2, {}), 0);
  const auto chooser = fair.chooser();
  CHECK_FALSE(chooser->next_in_place_of(fair.runner(0)));
  CHECK(chooser->next());
}
