#include "os/held_locks.hpp"

#include "os/file.hpp"
#include "os/lock.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

using namespace sched;

namespace {

/// A child that holds what `take` took until it is killed.
template <typename Take>
pid_t holder(Take take) {
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    take();
    [[maybe_unused]] const auto told = ::write(ready[1], "x", 1);
    for (;;) {
      ::pause();
    }
  }
  char told = 0;
  CHECK(::read(ready[0], &told, 1) == 1);
  ::close(ready[0]);
  ::close(ready[1]);
  return child;
}

void end(pid_t child) {
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

}  // namespace

TEST_CASE("who holds a byte is named, also while stopped, and not once dead") {
  const test::TempDir directory;
  const auto path = directory.write("file", "");
  CHECK(os::write_lock_holder(path, 120) == 0);
  const pid_t child = holder([&] {
    const int fd = ::open(path.c_str(), O_RDWR);
    struct flock range {};
    range.l_type = F_WRLCK;
    range.l_start = 118;
    range.l_len = 4;
    ::fcntl(fd, F_SETLK, &range);
  });
  ::kill(child, SIGSTOP);
  CHECK(os::write_lock_holder(path, 120) == child);
  CHECK(os::write_lock_holder(path, 122) == 0);
  CHECK(os::write_lock_holder(directory / "other", 120) == 0);
  end(child);
  CHECK(os::write_lock_holder(path, 120) == 0);
}

TEST_CASE("who shares the lock of a directory is named, ourselves left out") {
  const test::TempDir directory;
  const os::UniqueFd ours = os::open_directory(directory.path());
  REQUIRE(os::try_share(ours.get(), time::Duration(0)));
  CHECK(os::flock_holders(directory.path()).empty());
  const pid_t child = holder([&] {
    const int fd = ::open(directory.path().c_str(), O_RDONLY | O_DIRECTORY);
    os::try_share(fd, time::Duration(0));
  });
  CHECK(os::flock_holders(directory.path()) == std::vector<pid_t>{child});
  CHECK_FALSE(os::try_lock(ours.get(), time::Duration(10)));
  end(child);
  CHECK(os::try_lock(ours.get(), time::Duration(1000)));
}
