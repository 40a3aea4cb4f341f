#include "os/file.hpp"

#include "os/lock.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

using namespace sched;

namespace {

mode_t mode_of(const std::filesystem::path& path) {
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  return info.st_mode & 0777;
}

}  // namespace

TEST_CASE("private files and directories are for their owner alone") {
  test::TempDir dir;
  os::make_private_directory(dir / "d");
  os::make_private_directory(dir / "d");
  CHECK(mode_of(dir / "d") == 0700);
  CHECK(os::open_private(dir / "f", O_WRONLY | O_CREAT));
  CHECK(mode_of(dir / "f") == 0600);
  std::filesystem::create_symlink(dir / "f", dir / "link");
  CHECK_FALSE(os::open_private(dir / "link", O_RDONLY));
  CHECK_THROWS_AS(os::make_private_directory(dir / "no/such"), base::Error);
}

TEST_CASE("a file is replaced as a whole") {
  test::TempDir dir;
  os::replace_file(dir / "f", "one");
  os::replace_file(dir / "f", "two");
  CHECK(test::TempDir::read(dir / "f") == "two");
  CHECK(mode_of(dir / "f") == 0600);
  CHECK(std::distance(std::filesystem::directory_iterator(dir.path()), {}) == 1);
  CHECK_THROWS_AS(os::replace_file(dir / "no/such", ""), base::Error);
}

TEST_CASE("reading keeps to its cap and names what it can't read") {
  test::TempDir dir;
  const auto path = dir.write("f", "12345");
  CHECK(*os::read_file(path, 5) == "12345");
  CHECK_FALSE(os::read_file(path, 4).ok());
  const auto missing = os::read_file(dir / "none", 4);
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error().kind() == base::ErrorKind::not_found);
  CHECK(missing.error().message().find("none") != std::string::npos);
  CHECK(os::read_file("/proc/self/stat", 4096).ok());
}

TEST_CASE("a lock tells who lives, and goes with its holder") {
  test::TempDir dir;
  const auto path = dir.write("lock", "");
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const os::UniqueFd fd = os::open_private(path, O_RDWR);
    const char answer = os::try_lock(fd.get()) ? 'y' : 'n';
    (void)!::write(ready[1], &answer, 1);
    for (;;) {
      ::pause();
    }
  }
  char answer = 0;
  REQUIRE(::read(ready[0], &answer, 1) == 1);
  CHECK(answer == 'y');
  const os::UniqueFd fd = os::open_private(path, O_RDWR);
  CHECK(os::is_locked(fd.get()));
  CHECK_FALSE(os::try_lock(fd.get(), std::chrono::milliseconds(10)));
  ::kill(child, SIGSTOP);
  CHECK(os::is_locked(fd.get()));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK_FALSE(os::is_locked(fd.get()));
  CHECK(os::try_lock(fd.get()));
  ::close(ready[0]);
  ::close(ready[1]);
}
