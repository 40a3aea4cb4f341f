#include "worker/wakeups.hpp"

namespace sched::worker {
namespace {

std::uint64_t key_of(Wakeups::Source source) {
  return static_cast<std::uint64_t>(source);
}

}  // namespace

Wakeups::Wakeups(const std::filesystem::path& store, bool may_reload)
    : orders_(may_reload), bell_(store) {
  hear(orders_.fd(), Source::orders);
  only_orders_.add(orders_.fd(), key_of(Source::orders));
  hear(bell_.fd(), Source::bell);
  hear(timer_.fd(), Source::timer);
}

void Wakeups::hear(int fd, Source source) {
  all_.add(fd, key_of(source));
  if (source != Source::executor) {
    all_but_ends_.add(fd, key_of(source));
  }
}

void Wakeups::forget(int fd) {
  all_.remove(fd);
  all_but_ends_.remove(fd);
}

void Wakeups::hear_pressure(const std::vector<os::UniqueFd>& triggers) {
  for (const os::UniqueFd& trigger : triggers) {
    all_.add_urgent(trigger.get(), key_of(Source::pressure));
    all_but_ends_.add_urgent(trigger.get(), key_of(Source::pressure));
  }
}

std::set<Wakeups::Source> Wakeups::wait(For what, time::Duration patience) {
  os::Poller& poller = what == For::orders         ? only_orders_
                       : what == For::all_but_ends ? all_but_ends_
                                                   : all_;
  std::set<Source> came;
  for (const os::Ready& ready : poller.wait(patience)) {
    came.insert(static_cast<Source>(ready.key));
  }
  if (came.contains(Source::bell)) {
    bell_.drain();
  }
  if (came.contains(Source::timer)) {
    timer_.take();
  }
  return came;
}

}  // namespace sched::worker
