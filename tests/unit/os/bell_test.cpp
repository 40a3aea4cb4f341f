#include "os/bell.hpp"

#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace sched;

namespace {

bool rings(const os::Bell& bell) {
  pollfd ready{bell.fd(), POLLIN, 0};
  return ::poll(&ready, 1, 0) == 1;
}

}  // namespace

TEST_CASE("everybody who listens hears a ring, once however often it rang") {
  test::TempDir store;
  CHECK(os::ring(store.path()) == 0);
  os::Bell one(store.path());
  os::Bell two(store.path());
  CHECK_FALSE(rings(one));
  for (int i = 0; i < 5000; ++i) {
    CHECK(os::ring(store.path()) == 2);  // A full socket neither blocks nor counts as deaf.
  }
  CHECK(rings(one));
  CHECK(one.drain());
  CHECK_FALSE(one.drain());
  CHECK(rings(two));
  CHECK_FALSE(rings(one));
}

TEST_CASE("what a dead listener left is removed, and its files are private") {
  test::TempDir store;
  const pid_t child = ::fork();
  if (child == 0) {
    new os::Bell(store.path());
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
  const auto bells = store / "bells";
  CHECK_FALSE(std::filesystem::is_empty(bells));
  CHECK(os::ring(store.path()) == 0);
  CHECK(std::filesystem::is_empty(bells));
  {
    os::Bell bell(store.path());
    for (const auto& entry : std::filesystem::directory_iterator(bells)) {
      struct stat info {};
      REQUIRE(::stat(entry.path().c_str(), &info) == 0);
      CHECK((info.st_mode & 0777) == 0600);
    }
  }
  CHECK(std::filesystem::is_empty(bells));
}

TEST_CASE("a store whose path is too long for a socket address can be rung") {
  test::TempDir dir;
  std::filesystem::path store = dir.path();
  for (int i = 0; i < 10; ++i) {
    store /= std::string(50, 'd');
  }
  std::filesystem::create_directories(store);
  os::Bell bell(store);
  CHECK(os::ring(store) == 1);
  CHECK(bell.drain());
}
