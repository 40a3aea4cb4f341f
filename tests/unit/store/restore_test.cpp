#include "store/restore.hpp"

#include "store/backup.hpp"
#include "support/scene.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace sched;
namespace fs = std::filesystem;

namespace {

/// A store with the task "new", and a backup of one with the task "old".
struct Drill {
  test::TempDir directory;
  store::Places places{directory / "store"};
  fs::path backup;

  Drill() {
    add("old");
    {
      store::Store store(places);
      backup = store::back_up(store, directory / "b", test::ManualClock().now(), 0).file;
    }
    add("new");
  }
  void add(const char* name) const {
    store::Store store(places);
    store::Transaction change(store.db());
    store.tasks().add(test::task_named(name));
    change.commit();
  }
  bool has(const char* name) const { return has(name, places); }
  static bool has(const char* name, const store::Places& where) {
    store::Store store(where);
    return store.tasks().find_by_name(name).has_value();
  }
};

std::string refusal(const store::Places& places) {
  try {
    store::Restore restoring(places);
  } catch (const base::Error& error) {
    CHECK(error.kind() == base::ErrorKind::store);
    return error.message();
  }
  return {};
}

}  // namespace

TEST_CASE("nobody restores into a store that somebody has open") {
  const Drill drill;
  {
    store::Store open(drill.places);
    CHECK(refusal(drill.places).find("in use") != std::string::npos);
  }
  CHECK(refusal(drill.places).empty());
}

TEST_CASE("a restore that is not committed leaves the store as it was") {
  const Drill drill;
  {
    store::Restore restoring(drill.places);
    const auto copy = restoring.load(drill.backup);
    CHECK_FALSE(Drill::has("new", copy));
  }
  CHECK(drill.has("new"));
  CHECK_FALSE(fs::exists(store::restore_part(drill.places)));
}

TEST_CASE("a committed restore has the backup in place and the old database kept") {
  const Drill drill;
  {
    store::Restore restoring(drill.places);
    restoring.load(drill.backup);
    restoring.commit();
  }
  CHECK(drill.has("old"));
  CHECK_FALSE(drill.has("new"));
  CHECK_FALSE(fs::exists(store::restore_ready(drill.places)));
  store::Restore back(drill.places);
  back.load(store::replaced(drill.places) / "sched.db");
  back.commit();
}

TEST_CASE("whoever opens a store finishes a restore that was killed after its decision") {
  // How far it came: 0 nothing moved, 1 the log moved, 2 the database too, 3 the new one in place.
  for (int came = 0; came <= 3; ++came) {
    CAPTURE(came);
    const Drill drill;
    const auto ready = store::restore_ready(drill.places);
    const std::string database = drill.places.database().string();
    REQUIRE(fs::file_size(database + "-wal") > 0);
    fs::create_directory(ready);
    fs::create_directory(ready / "old");
    fs::copy_file(drill.backup, ready / "sched.db");
    fs::permissions(ready / "sched.db", fs::perms::owner_read | fs::perms::owner_write);
    if (came >= 1) {
      fs::rename(database + "-wal", ready / "old/sched.db-wal");
    }
    if (came >= 2) {
      fs::rename(database, ready / "old/sched.db");
    }
    if (came >= 3) {
      fs::remove(database + "-shm");
      fs::rename(ready / "sched.db", database);
    }
    CHECK(drill.has("old"));
    CHECK_FALSE(drill.has("new"));
    CHECK_FALSE(fs::exists(ready));
    store::Database old((store::replaced(drill.places) / "sched.db").string(),
                        store::Database::Mode::open);
    CHECK(store::Query(old, "SELECT 1 FROM tasks WHERE name = 'new'").step());
  }
}

TEST_CASE("launchers of before don't lend their numbers to new ones") {
  test::Scene scene;
  store::Transaction change(scene.store.db());
  scene.store.launchers().pass_over(model::LauncherId(7));
  CHECK(scene.store.launchers().add("boot", 1, scene.now()) == model::LauncherId(8));
  scene.store.launchers().pass_over(model::LauncherId(3));
  CHECK(scene.store.launchers().add("boot", 1, scene.now()) == model::LauncherId(9));
  change.commit();
}
