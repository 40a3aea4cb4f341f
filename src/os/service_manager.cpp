#include "os/service_manager.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace sched::os {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

/// Half of what the watchdog grants, unless it is meant for another process.
std::optional<time::Duration> watchdog_pace() {
  const auto granted_us = base::parse_int(variable("WATCHDOG_USEC"));
  const auto whose = base::parse_int(variable("WATCHDOG_PID"));
  if (!granted_us || *granted_us <= 0 || (whose && *whose != ::getpid())) {
    return std::nullopt;
  }
  constexpr std::int64_t k_half_in_ms = 2000;
  return std::max(time::Duration(1), time::Duration(*granted_us / k_half_in_ms));
}

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

/// What systemd compares with its own clock, to know which reload a READY=1 answers.
std::int64_t monotonic_us() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000;
}

}  // namespace

ServiceManager::ServiceManager() : address_(variable("NOTIFY_SOCKET")), pace_(watchdog_pace()) {
  const bool is_path = address_.starts_with('/');
  const bool is_abstract = address_.starts_with('@');
  if (address_.size() < 2 || address_.size() >= sizeof(sockaddr_un::sun_path) ||
      (!is_path && !is_abstract)) {
    address_.clear();
    pace_.reset();
    return;
  }
  socket_ = UniqueFd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

void ServiceManager::say(const std::string& lines) const {
  if (address_.empty() || !socket_) {
    return;
  }
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  std::memcpy(to.sun_path, address_.data(), address_.size());
  std::size_t length = offsetof(sockaddr_un, sun_path) + address_.size();
  if (address_.front() == '@') {
    to.sun_path[0] = '\0';  // A name that is in no directory; its length ends it.
  } else {
    ++length;
  }
  ::sendto(socket_.get(), lines.data(), lines.size(), MSG_NOSIGNAL,
           reinterpret_cast<const sockaddr*>(&to), static_cast<socklen_t>(length));
}

void ServiceManager::ready(const std::string& status) {
  std::string line = one_line(status);
  const bool is_new = line != status_;
  status_ = std::move(line);
  if (!std::exchange(is_ready_, true)) {
    say(fmt::format("READY=1\nMAINPID={}\nSTATUS={}", ::getpid(), status_));
  } else if (is_new) {
    say("STATUS=" + status_);
  }
}

void ServiceManager::reloading() {
  is_ready_ = false;
  say(fmt::format("RELOADING=1\nMONOTONIC_USEC={}\nSTATUS=reloading", monotonic_us()));
}

void ServiceManager::stopping() {
  say("STOPPING=1\nSTATUS=ending");
}

void ServiceManager::turned(time::Duration now) {
  if (pace_ && now >= next_turn_) {
    next_turn_ = now + *pace_;
    say("WATCHDOG=1");
  }
}

}  // namespace sched::os
