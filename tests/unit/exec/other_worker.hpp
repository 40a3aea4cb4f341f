#pragma once

#include "exec/journal.hpp"
#include "exec/local.hpp"
#include "os/file.hpp"
#include "os/host.hpp"
#include "unit/exec/harness.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

namespace sched::test {

/// A worker in a process of its own, to be killed.
class OtherWorker {
 public:
  /// `work` is done with an executor that has launcher `id`; then the worker stands still.
  OtherWorker(const std::filesystem::path& store, std::int64_t id,
              const std::function<void(exec::LocalExecutor&)>& work) {
    int ready[2];
    REQUIRE(::pipe2(ready, O_CLOEXEC) == 0);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      exec::LocalExecutor executor(places_in(store));
      executor.open(model::LauncherId(id));
      work(executor);
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
  ~OtherWorker() { kill(); }
  OtherWorker(const OtherWorker&) = delete;
  OtherWorker& operator=(const OtherWorker&) = delete;

  pid_t pid() const { return pid_; }
  void kill() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
      pid_ = 0;
    }
  }

 private:
  pid_t pid_ = 0;
};

/// Of a launcher, as soon as it has begun: never 0, for whoever signals that means himself.
inline pid_t launcher_pid(const std::filesystem::path& store, std::int64_t id) {
  pid_t pid = 0;
  REQUIRE(eventually([&] {
    const os::UniqueFd file =
        os::open_private(store / "launchers" / std::to_string(id) / "journal", O_RDONLY);
    const auto content = file ? exec::Journal::read(file.get()) : std::nullopt;
    pid = content.has_value() ? content->owner.pid : 0;
    return pid > 0;
  }));
  return pid;
}

inline void signal_launcher(const std::filesystem::path& store, std::int64_t id, int signal) {
  REQUIRE(::kill(launcher_pid(store, id), signal) == 0);
}

inline std::string log_of(const std::filesystem::path& store, std::int64_t run) {
  std::string text;
  for (const auto& path :
       exec::log_pieces(store / "logs", model::RunId(run), 1, exec::Stream::out).head) {
    text += TempDir::read(path);
  }
  return text;
}

inline model::Claim claim_of(std::int64_t run) {
  return {model::RunId(run), 1, 1000 + run};
}

}  // namespace sched::test
