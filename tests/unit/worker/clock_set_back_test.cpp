// A clock that is set back shows moments again that have been dealt with.
#include "unit/worker/timed_at_hand.hpp"

using namespace sched;
using namespace std::chrono_literals;
using namespace sched::test;
using model::Overlap;

TEST_CASE("no firing comes twice when the clock is set back") {
  for (const Overlap policy : {Overlap::skip, Overlap::queue, Overlap::replace, Overlap::allow}) {
    CAPTURE(std::string(model::to_string(policy)));
    TimedShop shop;
    shop.every("job", "1m", overlap(policy));
    shop.step();
    shop.pass(1min);
    REQUIRE(shop.rows("job") == Lines{"08:01 running"});
    shop.clock.jump(-1min);
    shop.step();
    CHECK(shop.task("job").next_at == shop.now() + 2min);
    // Even where the moment itself is set anew, as `sched edit` does.
    store::Transaction change(shop.store.db());
    shop.store.timers().set_next(shop.task("job").id, shop.now() + 1min, {});
    change.commit();
    shop.pass(1min);
    shop.step();
    CHECK(shop.rows("job") == Lines{"08:01 running"});
    CHECK(shop.executor.cancels.empty());
  }
}

TEST_CASE("a clock that is set back by hours was wrong: what is to come is found anew") {
  for (const bool by_another_worker : {false, true}) {
    CAPTURE(by_another_worker);
    TimedShop shop;
    Colleague colleague(shop);
    shop.every("job", "1h");
    shop.every("after", "1h", [](model::Schedule& schedule) { schedule.from_finish = true; });
    shop.step();
    shop.clock.jump(24h * 365);
    shop.step();
    shop.end_run(shop.running("job"));
    shop.end_run(shop.running("after"));
    shop.step();
    REQUIRE(shop.runs("job").back().firings == 1);
    const std::size_t before = shop.runs("job").size();
    shop.clock.jump(-24h * 365);
    const auto step = [&] {
      if (by_another_worker) {
        colleague.worker.step(shop.now());
      } else {
        shop.step();
      }
    };
    step();
    CHECK(shop.task("job").next_at == shop.now() + 1h);
    CHECK(shop.task("after").next_at == shop.now() + 1h);
    shop.clock.pass(1h);
    step();
    REQUIRE(shop.runs("job").size() == before + 1);
    CHECK(shop.runs("job").back().nominal_at == shop.now());
  }
}

TEST_CASE("an interval that was begun while the clock was ahead begins when it is set right") {
  TimedShop shop;
  shop.step();
  shop.clock.jump(24h * 365);
  const time::Instant wrong = shop.now();
  shop.every("job", "1h");
  shop.every("named", "1h", [](model::Schedule& schedule) { schedule.anchor_given = true; });
  shop.every("after", "1h", [](model::Schedule& schedule) { schedule.from_finish = true; });
  shop.step();
  shop.clock.jump(-24h * 365);
  shop.step();
  CHECK(shop.task("job").next_at == shop.now() + 1h);
  CHECK(shop.task("after").next_at == shop.now() + 1h);
  CHECK(shop.task("named").next_at == wrong);  // As a person said, whatever the clock was.
  shop.pass(1h);
  REQUIRE(shop.runs("job").size() == 1);
  CHECK(shop.runs("job").back().nominal_at == shop.now());
}
