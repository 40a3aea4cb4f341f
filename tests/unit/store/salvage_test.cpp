#include "store/salvage.hpp"

#include "store/integrity.hpp"
#include "support/scene.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace sched;
namespace fs = std::filesystem;

namespace {

/// A store with 500 tasks, all of it in one file.
void fill(const fs::path& directory) {
  store::Store store(store::Places{directory});
  store::Transaction change(store.db());
  for (int i = 0; i < 500; ++i) {
    store.tasks().add(test::task_named("task-with-a-name-" + std::to_string(i)));
  }
  change.commit();
  store.db().checkpoint();
}

/// The page, counted from 1, from which all rows of tasks are reached.
std::size_t root_of_tasks(const fs::path& file) {
  store::Database db(file.string(), store::Database::Mode::read);
  store::Query query(db, "SELECT rootpage FROM sqlite_schema WHERE name = 'tasks'");
  REQUIRE(query.step());
  return static_cast<std::size_t>(query.integer(0));
}

}  // namespace

TEST_CASE("whatever one page is spoiled, what comes out holds together and is most of it") {
  const test::TempDir directory;
  fill(directory / "store");
  const std::string good = test::TempDir::read(directory / "store/sched.db");
  const std::size_t pages = good.size() / 4096;
  const std::size_t root = root_of_tasks(directory / "store/sched.db");
  REQUIRE(pages > 30);
  std::int64_t least = 500;
  for (std::size_t page = 0; page < pages; page += 3) {
    CAPTURE(page);
    const std::string number = std::to_string(page);
    std::string bad = good;
    bad.replace(page * 4096, 4096, std::string(4096, '\xA5'));
    const auto file = directory.write("bad-" + number, bad);
    fs::create_directory(directory / ("workshop-" + number));
    store::Store store(store::Places{directory / ("new-" + number)});
    const auto salvaged =
        store::salvage(file, directory / ("workshop-" + number), store, test::ManualClock().now());
    CHECK(store::damage_of(store.db(), 1).empty());
    if (page + 1 != root) {  // What is below the root of a table can't be found without it.
      least = std::min(least, salvaged.tasks);
    }
    for (const model::TaskId id : store.tasks().ids()) {
      CHECK(store.tasks().task(id).command.argv == std::vector<std::string>{"true"});
    }
    fs::remove_all(directory / ("new-" + number));
  }
  CHECK(least > 400);
}

TEST_CASE("what is no store at all is refused") {
  const test::TempDir directory;
  fs::create_directory(directory / "workshop");
  store::Store store(store::Places{directory / "new"});
  CHECK_THROWS_AS(store::salvage(directory.write("text", std::string(9000, 'x')),
                                 directory / "workshop", store, test::ManualClock().now()),
                  base::Error);
}

TEST_CASE("rates and breakers come along, with how they stand, but not those of what was lost") {
  const test::TempDir directory;
  {
    store::Store store(store::Places{directory / "store"});
    store::Transaction change(store.db());
    model::Guard guard;
    guard.scope = model::GuardScope::tag;
    guard.name = "net";
    guard.rate = model::parse_rate("10/min").value();
    guard.full_at_us = 1'700'000'000'000'000;
    guard.breaker = model::parse_breaker("5").value();
    guard.record.in_a_row = 3;
    store.guards().put(guard);
    model::Task frail = test::task_named("frail");
    frail.breaker = model::parse_breaker("50%/20").value();
    const auto kept = store.tasks().add(frail);
    frail.name = "forgotten";
    store.tasks().add(frail);
    store::Query(store.db(), "DELETE FROM guards WHERE task_id = :id")
        .bind(":id", kept.value)
        .run();
    change.commit();
    store.db().execute("PRAGMA foreign_keys=OFF");  // As damaged pages would leave it.
    store::Query(store.db(), "DELETE FROM tasks WHERE name = 'forgotten'").run();
    store.db().checkpoint();
  }
  fs::create_directory(directory / "workshop");
  store::Store store(store::Places{directory / "new"});
  store::salvage(directory / "store/sched.db", directory / "workshop", store,
                 test::ManualClock().now());
  const auto net = store.guards().of_tag("net");
  REQUIRE(net);
  CHECK(net->full_at_us == 1'700'000'000'000'000);
  CHECK(net->record.in_a_row == 3);
  CHECK(store.guards().of_task(store.tasks().find_by_name("frail").value()));
  CHECK(store.guards().all().size() == 2);
}
