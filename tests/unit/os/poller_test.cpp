#include "os/poller.hpp"

#include "os/host.hpp"
#include "os/process.hpp"
#include "os/signals.hpp"
#include "os/system_clock.hpp"
#include "os/terminal.hpp"

#include <doctest/doctest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <string>

using namespace sched;
using std::chrono::milliseconds;

TEST_CASE("a poller tells by key who is ready to be read or written") {
  os::Poller poller;
  os::Pipe one = os::make_pipe();
  os::Pipe two = os::make_pipe();
  REQUIRE(poller.add(one.read_end.get(), 11));
  REQUIRE(poller.add(two.read_end.get(), 22));
  CHECK(poller.wait(milliseconds(0)).empty());
  REQUIRE(::write(two.write_end.get(), "x", 1) == 1);
  auto ready = poller.wait(milliseconds(1000));
  REQUIRE(ready.size() == 1);
  CHECK(ready[0].key == 22);
  CHECK(ready[0].readable);
  poller.remove(two.read_end.get());
  one.write_end.reset();
  ready = poller.wait(milliseconds(1000));
  REQUIRE(ready.size() == 1);
  CHECK(ready[0].key == 11);
  CHECK(ready[0].readable);  // So that the reader meets the end.
}

TEST_CASE("a wall timer wakes at its moment, and at once for one that has passed") {
  os::WallTimer timer;
  os::Poller poller;
  poller.add(timer.fd(), 1);
  timer.set(std::nullopt);
  CHECK(poller.wait(milliseconds(0)).empty());
  CHECK(timer.take() == os::WallTimer::Wakeup::none);
  timer.set(os::wall_now() - std::chrono::hours(1));
  CHECK(poller.wait(milliseconds(1000)).size() == 1);
  CHECK(timer.take() == os::WallTimer::Wakeup::reached);
  const auto moment = os::wall_now() + milliseconds(30);
  timer.set(moment);
  CHECK(poller.wait(milliseconds(2000)).size() == 1);
  CHECK(os::wall_now() >= moment);
}

TEST_CASE("signals can be read instead of interrupting") {
  os::SignalFd signals({SIGUSR1, SIGUSR2});
  CHECK(signals.take().empty());
  ::raise(SIGUSR1);
  ::raise(SIGUSR2);
  ::raise(SIGUSR1);
  CHECK(signals.take() == std::vector<int>{SIGUSR1, SIGUSR2});
  CHECK(std::string(os::signal_name(SIGKILL)) == "SIGKILL");
  CHECK(std::string(os::signal_name(99)) == "unknown signal");
}

TEST_CASE("a process is known by its numbers, its children and its environment") {
  const pid_t child = ::fork();
  if (child == 0) {
    ::execle("/bin/sleep", "sleep", "1000", nullptr,
             std::array<const char*, 3>{"MARK=a b", "OTHER=1", nullptr}.data());
    ::_exit(1);
  }
  const auto children = os::own_children();
  CHECK(std::count(children.begin(), children.end(), child) == 1);
  const auto below = os::children_of(::getpid());
  CHECK(std::count(below.begin(), below.end(), child) == 1);
  const auto deadline = os::monotonic_now() + std::chrono::seconds(10);
  const std::vector<std::string> expected{"MARK=a b", "OTHER=1"};
  while (os::environment_of(child) != expected && os::monotonic_now() < deadline) {
    ::usleep(1000);
  }
  CHECK(os::environment_of(child) == expected);
  auto stat = os::process_stat(child);
  REQUIRE(stat.has_value());
  CHECK(stat->parent == ::getpid());
  CHECK(stat->group == ::getpgrp());
  CHECK_FALSE(stat->dead());
  CHECK(stat->start_ticks >= os::process_stat(::getpid())->start_ticks);
  const os::UniqueFd pidfd = os::open_pidfd(child);
  os::Poller poller;
  REQUIRE(poller.add(pidfd.get(), 1));
  CHECK(poller.wait(milliseconds(0)).empty());
  ::kill(child, SIGKILL);
  CHECK(poller.wait(milliseconds(5000)).size() == 1);
  CHECK(os::process_stat(child)->dead());
  ::waitpid(child, nullptr, 0);
  CHECK_FALSE(os::process_stat(child).has_value());
}

TEST_CASE("the host says who it is") {
  CHECK(os::boot_id().size() == 36);
  CHECK_FALSE(os::hostname().empty());
  CHECK(os::available_cores() >= 1);
  CHECK_FALSE(os::network_filesystem("/proc").has_value());
  os::Pipe pipe = os::make_pipe();
  CHECK_FALSE(os::is_terminal(pipe.read_end.get()));
  CHECK(os::terminal_width(pipe.read_end.get(), 72) == 72);
}
