#include "exec/spawn.hpp"

#include "exec/journal.hpp"
#include "os/process.hpp"
#include "os/signals.hpp"
#include "unit/exec/harness.hpp"

#include <doctest/doctest.h>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

using namespace sched;
using namespace sched::test;

namespace {

/// A soft limit for the length of a test.
class Lowered {
 public:
  Lowered(__rlimit_resource resource, rlim_t soft) : resource_(resource) {
    ::getrlimit(resource_, &before_);
    rlimit limit = before_;
    limit.rlim_cur = soft;
    ::setrlimit(resource_, &limit);
  }
  ~Lowered() { ::setrlimit(resource_, &before_); }
  Lowered(const Lowered&) = delete;
  Lowered& operator=(const Lowered&) = delete;

 private:
  __rlimit_resource resource_;
  rlimit before_{};
};

}  // namespace

TEST_CASE("want of descriptors is not the command's fault: the attempt did not begin") {
  TempDir store;
  for (rlim_t room = 0; room < 7; ++room) {
    CAPTURE(room);
    const os::UniqueFd probe(::dup(0));
    const Lowered limit(RLIMIT_NOFILE, static_cast<rlim_t>(probe.get()) + room);
    auto result = exec::spawn(shell(store.path(), 1, "exit 0"), {});
    if (const auto* failed = std::get_if<exec::SpawnFailure>(&result)) {
      CHECK(failed->kind == model::Ending::Kind::not_begun);
      CHECK(failed->code == EMFILE);
      CHECK(room < 6);
    } else {
      int status = 0;
      const pid_t pid = std::get<exec::Spawned>(result).pid;
      CHECK(::waitpid(pid, &status, 0) == pid);
      CHECK(status == 0);
    }
  }
}

TEST_CASE("a child has default signals and an empty mask, whatever its parent does with them") {
  TempDir store;
  sigset_t mask;
  sigset_t before;
  sigemptyset(&mask);
  sigaddset(&mask, SIGUSR1);
  sigprocmask(SIG_BLOCK, &mask, &before);
  const auto handler = std::signal(SIGHUP, SIG_IGN);
  auto result =
      exec::spawn(launch_of(store.path(), 1, {"grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"}),
                  {1024, os::changed_signals()});
  REQUIRE(std::holds_alternative<exec::Spawned>(result));
  exec::Spawned& spawned = std::get<exec::Spawned>(result);
  ::waitpid(spawned.pid, nullptr, 0);
  char text[512] = {};
  CHECK(::read(spawned.out.get(), text, sizeof text - 1) > 0);
  CHECK(std::string(text) == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
  std::signal(SIGHUP, handler);
  sigprocmask(SIG_SETMASK, &before, nullptr);
}

TEST_CASE("the start of a child is known as /proc tells it") {
  TempDir store;
  // Some of them begin in one tick and execute in the next.
  for (int child = 0; child < 200; ++child) {
    auto result = exec::spawn(launch_of(store.path(), 1, {"true"}), {});
    REQUIRE(std::holds_alternative<exec::Spawned>(result));
    const exec::Spawned& spawned = std::get<exec::Spawned>(result);
    const auto stat = os::process_stat(spawned.pid);
    REQUIRE(stat.has_value());
    CHECK(spawned.start_ticks == stat->start_ticks);
    ::waitpid(spawned.pid, nullptr, 0);
  }
}

TEST_CASE("a journal that can't grow says so and goes on with the slots it has") {
  TempDir store;
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  exec::Journal journal(
      exec::Journal::create(store / "journal", {model::LauncherId(1), "boot", 0}));
  const Lowered limit(RLIMIT_FSIZE, std::filesystem::file_size(store / "journal"));
  exec::Journal::Entry entry;
  entry.claim = {model::RunId(1), 1, 1};
  std::size_t slots = 0;
  while (journal.begin(entry).has_value()) {
    ++slots;
  }
  CHECK(errno == EFBIG);
  CHECK(slots == 256);
  journal.release(3);
  CHECK(journal.begin(entry) == 3);
  std::signal(SIGXFSZ, handler);
}
