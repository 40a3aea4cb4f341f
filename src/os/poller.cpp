#include "os/poller.hpp"

#include "os/system_error.hpp"

#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>

namespace sched::os {

namespace {

epoll_event interest(std::uint64_t key, bool want_write) {
  epoll_event event{};
  event.events = EPOLLIN | (want_write ? static_cast<std::uint32_t>(EPOLLOUT) : 0U);
  event.data.u64 = key;
  return event;
}

}  // namespace

Poller::Poller() : fd_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (!fd_) {
    throw system_error(errno, "cannot wait for events");
  }
}

bool Poller::add(int fd, std::uint64_t key, bool want_write) {
  epoll_event event = interest(key, want_write);
  return ::epoll_ctl(fd_.get(), EPOLL_CTL_ADD, fd, &event) == 0;
}

bool Poller::add_urgent(int fd, std::uint64_t key) {
  epoll_event event{};
  event.events = EPOLLPRI;
  event.data.u64 = key;
  return ::epoll_ctl(fd_.get(), EPOLL_CTL_ADD, fd, &event) == 0;
}

void Poller::want_write(int fd, std::uint64_t key, bool wanted) {
  epoll_event event = interest(key, wanted);
  ::epoll_ctl(fd_.get(), EPOLL_CTL_MOD, fd, &event);
}

void Poller::remove(int fd) {
  ::epoll_ctl(fd_.get(), EPOLL_CTL_DEL, fd, nullptr);
}

std::vector<Ready> Poller::wait(std::optional<time::Duration> timeout) {
  int timeout_ms = -1;
  if (timeout.has_value()) {
    timeout_ms = static_cast<int>(
        std::clamp<std::int64_t>(timeout->count(), 0, std::numeric_limits<int>::max()));
  }
  std::array<epoll_event, 256> events;
  const int count =
      ::epoll_wait(fd_.get(), events.data(), static_cast<int>(events.size()), timeout_ms);
  std::vector<Ready> ready;
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    ready.push_back({event.data.u64,
                     (event.events & (EPOLLIN | EPOLLPRI | EPOLLHUP | EPOLLERR)) != 0,
                     (event.events & EPOLLOUT) != 0});
  }
  return ready;
}

WallTimer::WallTimer() : fd_(::timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK)) {
  if (!fd_) {
    throw system_error(errno, "cannot make a timer");
  }
}

void WallTimer::set(std::optional<time::Instant> moment) {
  itimerspec spec{};
  if (moment.has_value()) {
    // A moment of zero would disarm it, and one before 1970 is refused.
    const std::int64_t ms = std::max<std::int64_t>(time::to_ms(*moment), 1);
    spec.it_value.tv_sec = ms / 1000;
    spec.it_value.tv_nsec = ms % 1000 * 1'000'000;
  } else {
    // Armed far away instead of disarmed, because only an armed timer tells of a clock that was
    // set.
    spec.it_value.tv_sec = time::to_ms(time::k_end_of_time) / 1000;
  }
  ::timerfd_settime(fd_.get(), TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &spec, nullptr);
}

WallTimer::Wakeup WallTimer::take() {
  std::uint64_t expirations = 0;
  if (::read(fd_.get(), &expirations, sizeof expirations) == sizeof expirations) {
    return Wakeup::reached;
  }
  return errno == ECANCELED ? Wakeup::clock_was_set : Wakeup::none;
}

}  // namespace sched::os
