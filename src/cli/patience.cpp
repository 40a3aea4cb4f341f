#include "cli/patience.hpp"

#include "cli/obstacles.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <system_error>

namespace sched::cli {
namespace {

constexpr time::Duration k_fastest = std::chrono::milliseconds(20);
constexpr time::Duration k_slowest = std::chrono::milliseconds(100);
constexpr time::Duration k_between_tries = std::chrono::seconds(2);
constexpr int k_stdout = 1;
constexpr std::uint64_t k_signals = 1;
constexpr std::uint64_t k_reader = 2;

}  // namespace

Patience::Patience(Session& session) : session_(session), signals_({SIGINT}), pace_(k_fastest) {
  poller_.add(signals_.fd(), k_signals);
  // The writing end of a pipe is never readable but when its reader has gone. Of a terminal or a
  // socket that can't be said.
  std::error_code error;
  if (std::filesystem::is_fifo("/proc/self/fd/1", error)) {
    poller_.add(k_stdout, k_reader);
  }
}

bool Patience::wait(std::optional<time::Duration> deadline) {
  time::Duration step = pace_;
  if (deadline) {
    const time::Duration left = *deadline - session_.clock().monotonic();
    step = std::clamp(left, time::Duration(0), step);
  }
  pace_ = std::min(k_slowest, pace_ + pace_ / 4);
  for (const os::Ready& ready : poller_.wait(step)) {
    if (ready.key == k_reader) {
      reader_gone_ = true;
      poller_.remove(k_stdout);
    }
  }
  return signals_.take().empty();
}

void Patience::hurry() {
  pace_ = k_fastest;
}

bool Patience::store_changed() {
  const std::int64_t version = session_.store().db().data_version();
  const bool changed = seen_ != version;
  seen_ = version;
  return changed;
}

void WorkerWatch::look() {
  const time::Duration now = session_.clock().monotonic();
  if (told_ || (next_look_ && now < *next_look_)) {
    return;
  }
  next_look_ = now + k_between_tries;
  if (workforce(session_).workers.empty()) {
    told_ = true;
    session_.note("no worker is running; start one with: sched run");
  }
}

}  // namespace sched::cli
