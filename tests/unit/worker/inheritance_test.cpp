#include "worker/inheritance.hpp"

#include "unit/worker/timed_at_hand.hpp"

using namespace sched;
using namespace sched::test;

TEST_CASE("what was taken over is kept until the store can be read") {
  Shop shop(2);
  shop.once("runs");
  shop.once("unsent");
  shop.step();
  exec::Roster roster{shop.launcher, true, {shop.claim("runs")}, {}};
  worker::Inheritance inheritance(shop.store, "this boot");
  Colleague next(shop);
  inheritance.take({roster});
  shop.store.db().execute("ALTER TABLE attempts RENAME TO gone");
  CHECK_THROWS_AS(inheritance.settle(next.worker, next.executor), base::Error);
  CHECK(inheritance.is_open());
  shop.store.db().execute("ALTER TABLE gone RENAME TO attempts");
  inheritance.settle(next.worker, next.executor);
  CHECK_FALSE(inheritance.is_open());
  CHECK(next.worker.in_flight() == 1);
  next.worker.step(shop.now());
  CHECK(shop.claim("unsent").token > 1'000'000);
  CHECK(inheritance.settled().empty());
}

TEST_CASE("an end that is in the store already is forgotten by a launcher that lives") {
  Shop shop(1);
  shop.once("job");
  shop.step();
  const auto claim = shop.claim("job");
  shop.end("job");
  shop.step();
  worker::Inheritance inheritance(shop.store, "this boot");
  Colleague next(shop);
  exec::Roster roster{shop.launcher, true, {}, {{claim, exited(0)}}};
  inheritance.take({roster});
  inheritance.settle(next.worker, next.executor);
  CHECK(next.executor.forgotten == std::vector<model::Claim>{claim});
  CHECK(shop.state("job") == "finished: succeeded");
}

TEST_CASE("a dead launcher may go once all that it knew is in the store, and is named once") {
  Shop shop(1);
  shop.once("job");
  shop.step();
  worker::Inheritance inheritance(shop.store, "this boot");
  Colleague next(shop);
  inheritance.take({{shop.launcher, false, {shop.claim("job")}, {}}});
  inheritance.settle(next.worker, next.executor);
  CHECK(inheritance.settled().empty());
  next.worker.step(shop.now());
  CHECK(shop.state("job") == "finished: lost");
  CHECK(inheritance.settled() == std::vector<model::LauncherId>{shop.launcher});
  CHECK(inheritance.settled().empty());
}

TEST_CASE(
    "what a dead launcher's journal does not know is lost where the journal may not be whole") {
  for (const bool whole : {true, false}) {
    CAPTURE(whole);
    Shop shop(1);
    shop.once("job");
    shop.step();
    worker::Inheritance inheritance(shop.store, "this boot");
    Colleague next(shop);
    inheritance.take({{shop.launcher, false, {}, {}, {}, whole}});
    inheritance.settle(next.worker, next.executor);
    next.worker.drain();
    next.worker.step(shop.now());
    CHECK((shop.state("job") == "finished: lost") == !whole);
  }
}

TEST_CASE("a worker does not wait for what another settled, when its launcher is dead") {
  Shop shop(1);
  shop.once("job");
  shop.step();
  const auto claim = shop.claim("job");
  Colleague other(shop);
  other.worker.take_ends({{claim, exited(0)}});
  other.worker.step(shop.now());
  REQUIRE(shop.state("job") == "finished: succeeded");
  REQUIRE(shop.worker.in_flight() == 1);
  worker::Inheritance inheritance(shop.store, "this boot");
  inheritance.take({{shop.launcher, false, {}, {{claim, exited(0)}}}});
  inheritance.settle(shop.worker, shop.executor);
  CHECK(shop.worker.in_flight() == 0);
  CHECK(shop.worker.is_idle(shop.now()));
}
