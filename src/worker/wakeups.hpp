#pragma once

#include "os/bell.hpp"
#include "os/fd.hpp"
#include "os/poller.hpp"
#include "worker/orders.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <vector>

namespace sched::worker {

/// What a worker waits for between two passes: orders, the doorbell of its store, a moment of the
/// clock, its executor, and what is added. Throws base::Error when the kernel has no descriptor
/// left.
class Wakeups {
 public:
  enum class Source : std::uint64_t { orders, bell, timer, executor, standby, pressure };
  enum class For {
    all,
    all_but_ends,  ///< What its executor has to tell may gather for a moment.
    orders,        ///< What the store refuses to take would only wake us again at once.
  };

  Wakeups(const std::filesystem::path& store, bool may_reload);
  void hear(int fd, Source source);
  void forget(int fd);
  void hear_pressure(const std::vector<os::UniqueFd>& triggers);
  void set_timer(std::optional<time::Instant> moment) { timer_.set(moment); }

  /// What has come, after `patience` at the latest. Bell and timer are silent again.
  std::set<Source> wait(For what, time::Duration patience);
  std::vector<Order> take_orders() { return orders_.take(); }

 private:
  Orders orders_;
  os::Bell bell_;
  os::WallTimer timer_;
  os::Poller all_;
  os::Poller all_but_ends_;
  os::Poller only_orders_;
};

}  // namespace sched::worker
