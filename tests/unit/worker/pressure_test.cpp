#include "unit/worker/worker_at_hand.hpp"

using namespace sched;
using namespace sched::test;

TEST_CASE("while claims are held nothing starts, and what runs is settled") {
  Shop shop;
  shop.once("runs");
  shop.step();
  shop.worker.hold_claims(true);
  shop.once("waits");
  shop.end("runs");
  shop.step();
  CHECK(shop.started() == Lines{"runs"});
  CHECK(shop.state("runs") == "finished: succeeded");
  CHECK(shop.state("waits") == "ready");
  shop.worker.hold_claims(false);
  shop.step();
  CHECK(shop.started() == Lines{"runs", "waits"});
}

TEST_CASE("an end that the store refuses is known, kept, and settled later") {
  Shop shop;
  shop.once("a");
  shop.once("b");
  shop.step();
  CHECK_FALSE(shop.worker.all_ended());
  shop.end("a");
  shop.refuse_writes(true);
  CHECK_THROWS_AS(shop.step(), base::Error);
  CHECK_FALSE(shop.worker.all_ended());
  shop.end("b");
  shop.worker.hear();
  CHECK(shop.worker.all_ended());
  shop.refuse_writes(false);
  shop.step();
  CHECK(shop.state("a") == "finished: succeeded");
  CHECK(shop.state("b") == "finished: succeeded");
  CHECK(shop.worker.in_flight() == 0);
}
