#include "store/store.hpp"

#include "store/migrator.hpp"
#include "support/scene.hpp"

#include <doctest/doctest.h>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

using namespace sched;
namespace fs = std::filesystem;

namespace {

store::Places places(const test::TempDir& directory) {
  return {directory / "store"};
}

/// The message of the refusal, or "" when it opened.
std::string refusal(const store::Places& where) {
  try {
    store::Store store(where);
  } catch (const base::Error& error) {
    CHECK(error.kind() == base::ErrorKind::store);
    CHECK_FALSE(error.hint().empty());
    return error.message();
  }
  return {};
}

bool refuses(const store::Places& where, const std::string& why) {
  const std::string message = refusal(where);
  CAPTURE(message);
  const bool found = message.find(why) != std::string::npos;
  CHECK(found);
  return found;
}

unsigned mode_of(const fs::path& path) {
  struct stat status {};
  REQUIRE(::lstat(path.c_str(), &status) == 0);
  return status.st_mode & 07777U;
}

/// Changes the file behind the program's back, and puts all of it into the one file.
void alter(const store::Places& where, const std::string& sql) {
  store::Database db(where.database().string(), store::Database::Mode::open);
  db.execute(sql);
  db.checkpoint();
}

void make_private(const fs::path& directory) {
  fs::create_directory(directory);
  fs::permissions(directory, fs::perms::owner_all);
}

std::string write_private(const fs::path& file, const std::string& content) {
  std::ofstream(file, std::ios::binary) << content;
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
  return file.string();
}

}  // namespace

TEST_CASE("a new store is private, durable and marked as ours") {
  const test::TempDir directory;
  const mode_t old = ::umask(0);
  store::Store store(places(directory));
  ::umask(old);
  CHECK(store.db().pragma("user_version") == store::newest_version());
  CHECK(store.db().pragma("application_id") == 0x73636864);
  CHECK(store.db().raw().execAndGet("PRAGMA journal_mode").getString() == "wal");
  CHECK(store.db().pragma("synchronous") == 2);
  CHECK(store.db().pragma("foreign_keys") == 1);
  CHECK(store.db().pragma("wal_autocheckpoint") == 0);
  CHECK(mode_of(store.places().directory) == 0700);
  for (const char* tail : {"", "-wal", "-shm"}) {
    CAPTURE(tail);
    const std::string file = store.places().database().string() + tail;
    if (fs::exists(file)) {
      CHECK(mode_of(file) == 0600);
    }
  }
  CHECK_FALSE(fs::exists(store.places().directory / "sched.db.new"));
}

TEST_CASE("a store's file is whole by itself from its first moment") {
  const test::TempDir directory;
  { store::Store store(places(directory)); }
  const auto copy =
      write_private(directory / "copy.db", test::TempDir::read(places(directory).database()));
  store::Database db(copy, store::Database::Mode::open);
  CHECK(db.pragma("user_version") == store::newest_version());
}

TEST_CASE("directories above a store are made, and only as private as needed") {
  const test::TempDir directory;
  store::Store store({directory / "a/b/store"});
  CHECK(mode_of(directory / "a/b/store") == 0700);
}

TEST_CASE("a store that was closed opens again with all that it had") {
  const test::TempDir directory;
  model::TaskId id;
  {
    store::Store store(places(directory));
    store::Transaction change(store.db());
    id = store.tasks().add(test::task_named("kept"));
    change.commit();
  }
  store::Store store(places(directory));
  CHECK(store.tasks().find_by_name("kept") == id);
}

TEST_CASE("what was not committed is undone") {
  test::Scene scene;
  {
    store::Transaction change(scene.store.db());
    scene.store.tasks().add(test::task_named("half"));
  }
  CHECK_FALSE(scene.store.tasks().find_by_name("half").has_value());
}

TEST_CASE("several processes that create a store at once agree on one") {
  const test::TempDir directory;
  std::vector<pid_t> children;
  for (int i = 0; i < 6; ++i) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      try {
        store::Store store(places(directory));
        store::Transaction change(store.db());
        store.tasks().add(test::task_named("t" + std::to_string(i)));
        change.commit();
        ::_exit(0);
      } catch (const base::Error& error) {
        std::fprintf(stderr, "child %d: %s\n", i, error.message().c_str());
        ::_exit(1);
      }
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = -1;
    CHECK(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
  }
  store::Store store(places(directory));
  CHECK(store.listing().task_count() == 6);
  CHECK(store.db().raw().execAndGet("PRAGMA integrity_check").getString() == "ok");
}

TEST_CASE("a store of a newer sched is refused and left alone") {
  const test::TempDir directory;
  { store::Store store(places(directory)); }
  const int newer = store::newest_version() + 1;
  alter(places(directory), "PRAGMA user_version=" + std::to_string(newer));
  REQUIRE(refuses(places(directory), "written by a newer sched"));
  store::Database db(places(directory).database().string(), store::Database::Mode::open);
  CHECK(db.pragma("user_version") == newer);
}

TEST_CASE("what is no store is refused and left alone") {
  struct Row {
    const char* what;
    const char* sql;
  };
  for (const Row& row : {Row{"another program's mark", "PRAGMA application_id=42"},
                         Row{"tables without a mark", "CREATE TABLE notes (text)"},
                         Row{"a version without a mark", "PRAGMA user_version=1"}}) {
    CAPTURE(row.what);
    const test::TempDir directory;
    make_private(directory / "store");
    write_private(places(directory).database(), "");
    alter(places(directory), std::string("PRAGMA page_size=4096; ") + row.sql);
    const std::string before = test::TempDir::read(places(directory).database());
    REQUIRE(!before.empty());
    CHECK(refuses(places(directory), "no store of sched"));
    CHECK(test::TempDir::read(places(directory).database()) == before);
  }
}

TEST_CASE("a file that can't be trusted is refused") {
  const test::TempDir directory;
  const store::Places where = places(directory);
  SUBCASE("text") {
    make_private(where.directory);
    write_private(where.database(), std::string(5000, 'x'));
    refuses(where, "no store of sched");
  }
  SUBCASE("empty") {
    make_private(where.directory);
    write_private(where.database(), "");
    refuses(where, "the file is empty");
    CHECK(fs::file_size(where.database()) == 0);
  }
  SUBCASE("a database that was emptied") {
    make_private(where.directory);
    write_private(where.database(), "");
    alter(where, "VACUUM");
    const std::string before = test::TempDir::read(where.database());
    REQUIRE(!before.empty());
    refuses(where, "the database is empty");
    CHECK(test::TempDir::read(where.database()) == before);
  }
  SUBCASE("gone, with logs left") {
    { store::Store store(where); }
    fs::remove(where.database());
    for (const char* tail : {"-wal", "-shm"}) {
      fs::remove(where.database().string() + tail);
    }
    fs::create_directories(where.logs() / "7");
    refuses(where, "the file is gone");
    CHECK_FALSE(fs::exists(where.database()));
  }
  SUBCASE("gone, with journals left") {
    { store::Store store(where); }
    fs::remove(where.database());
    for (const char* tail : {"-wal", "-shm"}) {
      fs::remove(where.database().string() + tail);
    }
    fs::create_directories(where.launchers() / "1");
    refuses(where, "the file is gone");
  }
  SUBCASE("gone, with its write-ahead log left") {
    { store::Store store(where); }
    fs::remove(where.database());
    write_private(where.database().string() + "-wal", "x");
    refuses(where, "the file is gone");
  }
  SUBCASE("readable by others") {
    { store::Store store(where); }
    fs::permissions(where.database(), fs::perms::others_read, fs::perm_options::add);
    CHECK_FALSE(refusal(where).empty());
  }
  SUBCASE("in a directory that others can enter") {
    { store::Store store(where); }
    fs::permissions(where.directory, fs::perms::group_all, fs::perm_options::add);
    CHECK_FALSE(refusal(where).empty());
  }
  SUBCASE("a symbolic link") {
    { store::Store store(where); }
    fs::rename(where.database(), directory / "elsewhere.db");
    fs::create_symlink(directory / "elsewhere.db", where.database());
    CHECK_FALSE(refusal(where).empty());
  }
  SUBCASE("with a second name") {
    { store::Store store(where); }
    fs::create_hard_link(where.database(), directory / "second.db");
    CHECK_FALSE(refusal(where).empty());
  }
  SUBCASE("a file where the directory should be") {
    directory.write("store", "");
    refuses(where, "a file stands where the store's directory should be");
  }
}

TEST_CASE("an empty directory becomes a store, as private as a new one") {
  const test::TempDir directory;
  fs::create_directory(directory / "store");
  fs::permissions(directory / "store", fs::perms(0755));
  store::Store store(places(directory));
  CHECK(mode_of(directory / "store") == 0700);
}

TEST_CASE("the version of the data changes when somebody else commits") {
  test::Scene scene;
  const auto before = scene.store.db().data_version();
  scene.once("ours");
  CHECK(scene.store.db().data_version() == before);
  store::Store other(scene.store.places());
  store::Transaction change(other.db());
  other.tasks().add(test::task_named("theirs"));
  change.commit();
  CHECK(scene.store.db().data_version() != before);
}
