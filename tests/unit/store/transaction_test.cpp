#include "store/store.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

using namespace sched;
using namespace sched::test;

namespace {

int tasks(store::Store& store) {
  return static_cast<int>(store.listing().task_count());
}

std::string refusal(store::Store& store) {
  try {
    store::Transaction change(store.db());
    change.commit();
  } catch (const base::Error& error) {
    CHECK(error.kind() == base::ErrorKind::store);
    return error.message();
  }
  return "";
}

}  // namespace

TEST_CASE("a query finds its parameters in whatever order they are bound") {
  store::Database db(":memory:", store::Database::Mode::create);
  static constexpr const char* k_pair = "SELECT :first, :second";
  for (const bool forwards : {true, false, false, true}) {
    store::Query query(db, k_pair);
    if (forwards) {
      query.bind(":first", 1).bind(":second", "two");
    } else {
      query.bind(":second", "two").bind(":first", 1);
    }
    REQUIRE(query.step());
    CHECK(query.integer(0) == 1);
    CHECK(query.text(1) == "two");
  }
  store::Query unbound(db, k_pair);
  REQUIRE(unbound.step());
  CHECK(unbound.is_null(0));
  CHECK(unbound.view(1).empty());
  CHECK_THROWS_AS(unbound.bind(":third", 3), base::Error);
}

TEST_CASE("nothing begins in a store that a newer version has migrated") {
  TempDir directory;
  store::Store old(store::Places{directory / "store"});
  store::Store newer(store::Places{directory / "store"});
  CHECK(refusal(old).empty());
  CHECK_FALSE(old.db().is_outdated());
  newer.db().execute("PRAGMA user_version=99");
  CHECK(old.db().is_outdated());
  CHECK(refusal(old).find("migrated by a newer sched (schema 99, this one knows ") !=
        std::string::npos);
  CHECK_THROWS_AS(old.db().check(), base::Error);
  // The lock is not kept by what was refused.
  newer.db().execute("BEGIN IMMEDIATE; PRAGMA user_version=1; COMMIT");
}

TEST_CASE("nothing begins in a file that lost its name or gave it to another") {
  TempDir directory;
  const auto file = directory / "store" / "sched.db";
  store::Store store(store::Places{directory / "store"});
  CHECK(refusal(store).empty());
  std::filesystem::rename(file, directory / "away");
  CHECK(refusal(store).find("the file was removed while it was open") != std::string::npos);
  std::filesystem::copy_file(directory / "away", file);
  CHECK(refusal(store).find("the file was replaced by another while it was open") !=
        std::string::npos);
  CHECK(tasks(store) == 0);  // Reading what we have open goes on.
  std::filesystem::remove(file);
  std::filesystem::rename(directory / "away", file);
  CHECK(refusal(store).empty());
}

TEST_CASE("a statement may change more than what is kept in memory to undo it") {
  TempDir directory;
  store::Store store(store::Places{directory / "store"});
  store.db().execute(
      "CREATE TABLE ballast (id INTEGER PRIMARY KEY, x TEXT NOT NULL CHECK (x <> ''));"
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)"
      " INSERT INTO ballast SELECT i, printf('%.1000c', 'a') FROM n");
  store::Transaction change(store.db());
  store.db().execute("UPDATE ballast SET x = upper(x)");
  CHECK_THROWS_AS(
      store.db().execute("UPDATE ballast SET x = CASE id WHEN 4000 THEN '' ELSE 'b' END"),
      base::Error);
  change.commit();
  const auto rows = [&](const char* text) {
    store::Query query(store.db(), "SELECT count(*) FROM ballast WHERE x = printf('%.1000c', :x)");
    query.bind(":x", text);
    return query.step() ? query.integer(0) : -1;
  };
  CHECK(rows("A") == 4000);
}
