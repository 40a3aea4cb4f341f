#pragma once

#include "exec/local.hpp"
#include "exec/mark.hpp"
#include "exec/output_log.hpp"
#include "os/file.hpp"
#include "os/process.hpp"
#include "os/system_clock.hpp"
#include "support/temp_dir.hpp"

#include <poll.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace sched::test {

/// Looks every few milliseconds until it is so; false when it never was.
inline bool eventually(const std::function<bool()>& is_so,
                       time::Duration patience = std::chrono::seconds(20)) {
  const time::Duration deadline = os::monotonic_now() + patience;
  while (!is_so()) {
    if (os::monotonic_now() > deadline) {
      return false;
    }
    ::poll(nullptr, 0, 5);
  }
  return true;
}

inline exec::LauncherPlaces places_in(const std::filesystem::path& store) {
  return {store / "launchers", store / "logs", store.string()};
}

/// An attempt of `argv` with the environment that a worker would give it.
inline exec::Launch launch_of(const std::filesystem::path& store, std::int64_t run,
                              std::vector<std::string> argv) {
  exec::Launch launch;
  launch.claim = {model::RunId(run), 1, 1000 + run};
  launch.argv = std::move(argv);
  launch.environment = {"PATH=/usr/local/bin:/usr/bin:/bin", "SCHED_STORE=" + store.string(),
                        "SCHED_RUN_ID=" + std::to_string(run), "SCHED_ATTEMPT=1"};
  launch.directory = store;
  launch.grace_kill = std::chrono::seconds(5);
  return launch;
}

inline exec::Launch shell(const std::filesystem::path& store, std::int64_t run,
                          const std::string& text) {
  return launch_of(store, run, {"/bin/sh", "-c", text});
}

/// Waits for ends by way of wake_fd.
inline std::map<model::Claim, model::Ending> wait_for(
    exec::LocalExecutor& executor, std::size_t count,
    time::Duration patience = std::chrono::seconds(30)) {
  std::map<model::Claim, model::Ending> ends;
  const time::Duration deadline = os::monotonic_now() + patience;
  while (ends.size() < count && os::monotonic_now() < deadline) {
    pollfd wake{executor.wake_fd(), POLLIN, 0};
    ::poll(&wake, 1, 1000);
    for (const exec::Ended& ended : executor.poll()) {
      ends[ended.claim] = ended.ending;
    }
  }
  return ends;
}

/// How many living processes carry the mark of a run.
inline int marked_processes(const std::filesystem::path& store, std::int64_t run) {
  int count = 0;
  for (const pid_t pid : os::all_processes()) {
    const auto stat = os::process_stat(pid);
    const auto mark = exec::read_mark(pid, store.string());
    if (stat.has_value() && !stat->dead() && mark.has_value() && mark->run.value == run) {
      ++count;
    }
  }
  return count;
}

/// How many processes execute `sleep SECONDS`, marked or not.
inline int sleeping(const std::string& seconds) {
  const std::string command = "sleep" + std::string(1, '\0') + seconds + std::string(1, '\0');
  int count = 0;
  for (const pid_t pid : os::all_processes()) {
    const auto stat = os::process_stat(pid);
    const auto words = os::read_file("/proc/" + std::to_string(pid) + "/cmdline", 4096);
    if (stat.has_value() && !stat->dead() && words.ok() && *words == command) {
      ++count;
    }
  }
  return count;
}

/// A store with a worker's executor that has one launcher.
struct Harness {
  TempDir store;
  exec::LocalExecutor executor{places_in(store.path())};

  Harness() { executor.open(model::LauncherId(1)); }
  ~Harness() { executor.close(); }

  model::Ending run(const exec::Launch& launch) {
    executor.start({launch}, 64);
    auto ends = wait_for(executor, 1);
    executor.forget({launch.claim});
    model::Ending none;
    none.kind = model::Ending::Kind::lost;
    return ends.empty() ? none : ends.begin()->second;
  }
  std::string text(const exec::LogPieces& pieces) const {
    std::string all;
    for (const auto& path : pieces.head) {
      all += TempDir::read(path);
    }
    for (const auto& path : pieces.tail) {
      all += TempDir::read(path);
    }
    return all;
  }
  std::string output(std::int64_t run, exec::Stream stream = exec::Stream::out) const {
    return text(exec::log_pieces(store / "logs", model::RunId(run), 1, stream));
  }
};

}  // namespace sched::test
