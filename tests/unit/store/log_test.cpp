// How the write-ahead log is kept short.
#include "store/database.hpp"
#include "support/scene.hpp"

#include <doctest/doctest.h>

using namespace sched;

TEST_CASE("a log that was shortened is written anew from its start") {
  test::Scene scene;
  store::Database& db = scene.store.db();
  scene.once("first");
  const std::uint64_t bytes = db.log_bytes();
  CHECK(bytes > 0);
  CHECK(db.shorten_log());
  CHECK(db.log_bytes() == 0);
  const std::uint64_t file = db.wal_bytes();
  CHECK(file >= bytes);
  scene.once("second");
  CHECK(db.log_bytes() > 0);
  CHECK(db.log_bytes() <= bytes);
  CHECK(db.wal_bytes() == file);
  CHECK(scene.state("first") == "ready");
}

TEST_CASE("what a long reader let the log grow to is given back when that is over") {
  test::Scene scene;
  store::Database& db = scene.store.db();
  scene.once("first");
  {
    store::Database reader(scene.store.places().database().string(), store::Database::Mode::read);
    store::Query reading(reader, "SELECT count(*) FROM tasks");
    CHECK(reading.step());
    for (int i = 0; i < 12; ++i) {
      db.execute(
          "CREATE TABLE IF NOT EXISTS ballast (x BLOB); DELETE FROM ballast;"
          " INSERT INTO ballast VALUES (zeroblob(1048576));");
    }
    CHECK_FALSE(db.shorten_log());
    CHECK(db.wal_bytes() > 12U << 20U);
    CHECK(db.log_bytes() > 12U << 20U);
  }
  CHECK(db.shorten_log());
  CHECK(db.wal_bytes() == 0);
}

TEST_CASE("a checkpoint empties the write-ahead log, and nothing is lost by it") {
  test::Scene scene;
  scene.once("kept");
  CHECK(scene.store.db().wal_bytes() > 0);
  CHECK(scene.store.db().checkpoint());
  CHECK(scene.store.db().wal_bytes() == 0);
  CHECK(scene.state("kept") == "ready");
}
