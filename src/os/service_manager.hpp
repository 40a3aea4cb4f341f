#pragma once

#include "os/fd.hpp"
#include "time/instant.hpp"

#include <optional>
#include <string>

namespace sched::os {

/// The service manager that started us and wants to be told how we do: systemd for a unit of
/// Type=notify (sd_notify(3)). It listens on the datagram socket that NOTIFY_SOCKET names. Where
/// nobody does, all of this says nothing; what it does not hear is left at that.
class ServiceManager {
 public:
  /// Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID, and leaves them for a reload. What we
  /// start does not get to know them: its environment is made anew.
  ServiceManager();

  /// We are up, said once and again after reloading() failed; and how we do, in one line, said when
  /// it has changed.
  void ready(const std::string& status);
  /// We are about to execute ourselves anew; the next ready() is the end of it.
  void reloading();
  void stopping();
  /// The loop has made a turn. The watchdog is told at half of its patience.
  void turned(time::Duration now);
  /// At least that often turned() must be called; empty without a watchdog.
  std::optional<time::Duration> pace() const { return pace_; }

 private:
  void say(const std::string& lines) const;

  UniqueFd socket_;
  std::string address_;  ///< "" when nobody listens.
  std::string status_;
  bool is_ready_ = false;
  std::optional<time::Duration> pace_;
  time::Duration next_turn_{};
};

}  // namespace sched::os
