#include "exec/presence.hpp"

#include "os/file.hpp"
#include "support/temp_dir.hpp"
#include "unit/exec/harness.hpp"

#include <doctest/doctest.h>

#include <poll.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

using namespace sched;
using namespace sched::test;

namespace {

/// A process that is a worker to all who look, or only pretends to be one.
class Pretender {
 public:
  Pretender(const std::filesystem::path& store, bool locks) {
    int ready[2];
    REQUIRE(::pipe2(ready, O_CLOEXEC) == 0);
    pid_ = ::fork();
    if (pid_ == 0) {
      std::signal(SIGTERM, SIG_DFL);  // doctest would tell of it as of a crash
      exec::Handed none;
      if (locks) {
        static exec::Presence presence(store / "workers", 5, exec::WorkerState::working, none);
      }
      (void)!::write(ready[1], "x", 1);
      for (;;) {
        ::pause();
      }
    }
    ::close(ready[1]);
    char byte = 0;
    CHECK(::read(ready[0], &byte, 1) == 1);
    ::close(ready[0]);
  }
  ~Pretender() { kill(); }
  Pretender(const Pretender&) = delete;
  Pretender& operator=(const Pretender&) = delete;
  pid_t pid() const { return pid_; }
  void kill() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    pid_ = 0;
  }

 private:
  pid_t pid_ = 0;
};

}  // namespace

TEST_CASE("a worker is seen while it lives, with what it says of itself") {
  TempDir store;
  exec::Handed none;
  CHECK(exec::living_workers(store / "launchers").empty());
  Pretender other(store.path(), true);
  {
    exec::Presence presence(store / "workers", 3, exec::WorkerState::standby, none);
    auto workers = exec::living_workers(store / "launchers");
    REQUIRE(workers.size() == 2);
    const auto& mine = workers[workers[0].pid == ::getpid() ? 0 : 1];
    const auto& theirs = workers[workers[0].pid == ::getpid() ? 1 : 0];
    CHECK(mine.slots == 3);
    CHECK(mine.state == exec::WorkerState::standby);
    CHECK(theirs.pid == other.pid());
    CHECK(theirs.slots == 5);
    CHECK_FALSE(mine.throttle);
    model::Throttle throttle{{1, 4096},
                             2,
                             model::Strain{model::StrainKind::load, 12345, 150},
                             true,
                             time::from_ms(9),
                             model::Shed::preemptible,
                             4096,
                             model::RunId(9007199254740992),
                             true};
    presence.say(throttle);
    presence.say(exec::WorkerState::draining);
    workers = exec::living_workers(store / "launchers");
    CHECK(workers[workers[0].pid == ::getpid() ? 0 : 1].throttle == throttle);
    CHECK(workers[workers[0].pid == ::getpid() ? 0 : 1].slots == 2);
    throttle.strain.reset();
    presence.say(throttle);
    workers = exec::living_workers(store / "launchers");
    CHECK(workers[workers[0].pid == ::getpid() ? 0 : 1].state == exec::WorkerState::draining);
    CHECK(workers[workers[0].pid == ::getpid() ? 0 : 1].throttle == throttle);
    other.kill();
    CHECK(exec::living_workers(store / "launchers").size() == 1);
  }
  CHECK(exec::living_workers(store / "launchers").empty());
}

TEST_CASE("what dead workers left is cleared away by the next, and nothing of the living") {
  TempDir store;
  exec::Handed none;
  pid_t dead = 0;
  {
    Pretender killed(store.path(), true);
    dead = killed.pid();
  }
  Pretender alive(store.path(), true);
  const exec::Presence presence(store / "workers", 1, exec::WorkerState::working, none);
  CHECK_FALSE(std::filesystem::exists(store / "workers" / std::to_string(dead)));
  CHECK(std::filesystem::exists(store / "workers" / std::to_string(alive.pid())));
}

TEST_CASE("a launcher is shown with the worker that has it") {
  Harness harness;
  exec::Handed none;
  exec::Presence presence(harness.store / "workers", 4, exec::WorkerState::working, none);
  CHECK(eventually([&] {
    const auto workers = exec::living_workers(harness.store / "launchers");
    return workers.size() == 1 && workers[0].launchers.size() == 1 &&
           workers[0].launchers[0].id == model::LauncherId(1) && workers[0].launchers[0].alive &&
           workers[0].launchers[0].pid == harness.executor.launcher_pid();
  }));
}

TEST_CASE("an order reaches a worker, and no other process that has its number") {
  TempDir store;
  os::UniqueFd gone;
  {
    Pretender worker(store.path(), true);
    CHECK(exec::tell_worker(store / "launchers", worker.pid(), exec::WorkerOrder::drain, gone));
    pollfd end{gone.get(), POLLIN, 0};
    CHECK(::poll(&end, 1, 10'000) == 1);
  }
  // A file with its number is there, even locked, but by somebody else.
  Pretender innocent(store.path(), false);
  const auto path = store / "workers" / std::to_string(innocent.pid());
  const os::UniqueFd file = os::open_private(path, O_RDWR | O_CREAT);
  REQUIRE(::flock(file.get(), LOCK_EX) == 0);
  CHECK_FALSE(
      exec::tell_worker(store / "launchers", innocent.pid(), exec::WorkerOrder::stop, gone));
  CHECK(::waitpid(innocent.pid(), nullptr, WNOHANG) == 0);
}

TEST_CASE("what is handed over is taken by the process it was meant for, and is what it says") {
  TempDir store;
  const auto path = store / "workers";
  os::make_private_directory(path);
  const os::UniqueFd lock = os::open_private(path / "1", O_RDWR | O_CREAT);
  const os::UniqueFd other = os::open_private(path / "2", O_RDWR | O_CREAT);
  const std::string text = exec::encode_handover(
      {{path / "1", lock.get()}, {path / "2", ::dup(lock.get())}}, store.path());
  auto handed = exec::take_handover(text, store.path());
  CHECK(handed.size() == 1);
  REQUIRE(handed.contains(path / "1"));
  CHECK(handed.at(path / "1").release() == lock.get());
  CHECK(exec::take_handover("1" + text, store.path()).empty());
  for (const char* nonsense : {"", ":", "x:1=2", "0:", "=,=", ",,,"}) {
    CHECK(exec::take_handover(nonsense, store.path()).empty());
    CHECK(exec::take_handover(text.substr(0, text.find(':') + 1) + nonsense, store.path()).empty());
  }
}
