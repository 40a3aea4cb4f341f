#include "unit/worker/worker_at_hand.hpp"

using namespace sched;
using namespace std::chrono_literals;
using namespace sched::test;

namespace {

model::Ending short_one() {
  model::Ending ending = test::exited(0);
  ending.elapsed = 10ms;
  return ending;
}

}  // namespace

TEST_CASE("when runs are short, more are handed over than there are slots") {
  Shop shop(1);
  for (int i = 0; i < 12; ++i) {
    shop.once("t" + std::to_string(i));
  }
  shop.step();
  CHECK(shop.started() == Lines{"t0"});
  shop.end("t0", short_one());
  shop.step();
  // Of 10 ms each, five are done in the time of a commit or two, and one has the slot.
  CHECK(shop.started() == Lines{"t0", "t1", "t2", "t3", "t4", "t5", "t6"});
  CHECK(shop.worker.in_flight() == 6);
}

TEST_CASE(
    "what found no slot in time is in the line again, uncounted, and nothing goes ahead then") {
  Shop shop(1);
  for (const char* name : {"a", "b", "c", "d"}) {
    shop.once(name);
  }
  shop.step();
  shop.end("a", short_one());
  shop.step();
  REQUIRE(shop.started().size() == 4);
  model::Ending never;
  never.kind = model::Ending::Kind::not_begun;
  shop.executor.end(shop.claim("c"), never);
  shop.executor.end(shop.claim("d"), never);
  shop.step();
  CHECK(shop.started().size() == 4);
  CHECK(shop.state("b") == "running");
  CHECK(shop.state("c") == "ready");
  CHECK(shop.attempts("c") == 0);
  shop.end("b", short_one());
  shop.step();
  CHECK(shop.started() == Lines{"a", "b", "c", "d", "c"});
}
