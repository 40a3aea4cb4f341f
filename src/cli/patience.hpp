#pragma once

#include "cli/session.hpp"
#include "os/poller.hpp"
#include "os/signals.hpp"

#include <cstdint>
#include <optional>

namespace sched::cli {

/// How a command waits for others to change the store: it looks again at a pace that slows down
/// from 20 to 100 ms, and hears Ctrl-C. From its making on SIGINT is blocked.
class Patience {
 public:
  explicit Patience(Session& session);

  /// Sleeps one step, at most until `deadline` (of Clock::monotonic()). False: interrupted.
  bool wait(std::optional<time::Duration> deadline = std::nullopt);
  /// Something goes on: look again soon.
  void hurry();
  /// True when another connection has committed since the last call, and at the first one.
  bool store_changed();
  /// Nobody reads stdout any more.
  bool reader_gone() const { return reader_gone_; }

 private:
  Session& session_;
  os::SignalFd signals_;
  os::Poller poller_;
  time::Duration pace_;
  std::optional<std::int64_t> seen_;
  bool reader_gone_ = false;
};

/// Says once on stderr when no worker is there that could bring what is waited for.
class WorkerWatch {
 public:
  explicit WorkerWatch(Session& session) : session_(session) {}
  void look();

 private:
  Session& session_;
  std::optional<time::Duration> next_look_;
  bool told_ = false;
};

}  // namespace sched::cli
