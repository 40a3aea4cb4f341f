#include "worker/orders.hpp"

#include "os/terminal.hpp"

#include <signal.h>

namespace sched::worker {
namespace {

std::vector<int> heeded() {
  std::vector<int> signals = {SIGTERM, SIGINT, SIGQUIT, SIGUSR1};
  // A blocked signal comes even where it is ignored, and nohup means that it should not.
  if (!os::is_ignored(SIGHUP)) {
    signals.push_back(SIGHUP);
  }
  return signals;
}

}  // namespace

Orders::Orders(bool may_reload)
    : hangup_reloads_(may_reload && !os::has_controlling_terminal()), signals_(heeded()) {}

std::vector<Order> Orders::take() {
  std::vector<Order> orders;
  for (const int signal : signals_.take()) {
    orders.push_back(signal == SIGUSR1                     ? Order::stop
                     : signal == SIGQUIT                   ? Order::leave
                     : signal == SIGHUP && hangup_reloads_ ? Order::reload
                                                           : Order::drain);
  }
  return orders;
}

}  // namespace sched::worker
