#include "exec/channel.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace sched::exec {

void Channel::send(const Message& message) {
  if (!mute_ && open()) {
    output_ += framed(encode(message));
  }
}

void Channel::flush() {
  while (open() && wants_write()) {
    const ssize_t done =
        ::send(fd(), output_.data() + sent_, output_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (done < 0 && errno == EINTR) {
      continue;
    }
    if (done < 0 && (errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM)) {
      break;
    }
    if (done < 0) {
      mute_ = true;
      sent_ = output_.size();
      break;
    }
    sent_ += static_cast<std::size_t>(done);
  }
  if (!wants_write()) {
    output_.clear();
    sent_ = 0;
  }
}

bool Channel::fill() {
  std::array<char, 65536> buffer;
  for (int round = 0; open() && round < 16; ++round) {
    const ssize_t got = ::recv(fd(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got > 0) {
      input_.append({buffer.data(), static_cast<std::size_t>(got)});
      continue;
    }
    if (got < 0 && errno == EINTR) {
      continue;
    }
    // Data that was queued before a reset is read before it, so an error is as final as an end.
    return got < 0 && (errno == EAGAIN || errno == ENOMEM);
  }
  return open();
}

std::optional<Message> Channel::next() {
  const auto frame = input_.next();
  if (!frame.has_value() || broken_) {
    return std::nullopt;
  }
  auto message = decode(*frame);
  broken_ = !message.has_value();
  return message;
}

}  // namespace sched::exec
