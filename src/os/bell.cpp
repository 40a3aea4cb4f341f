#include "os/bell.hpp"

#include "os/file.hpp"
#include "os/system_error.hpp"
#include "os/unix_socket.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <system_error>

namespace sched::os {

Bell::Bell(const std::filesystem::path& store) {
  static std::atomic<int> serial = 0;
  const std::filesystem::path bells = store / "bells";
  make_private_directory(bells);
  const UniqueFd directory = open_directory(bells);
  if (!directory) {
    throw system_error(errno, "cannot open '" + bells.string() + "'");
  }
  const std::string name = std::to_string(::getpid()) + "." + std::to_string(serial++);
  // A namesake with our pid can only be a dead one's.
  ::unlinkat(directory.get(), name.c_str(), 0);
  socket_ = bind_datagram(directory.get(), name);
  if (!socket_) {
    throw system_error(errno, "cannot listen in '" + bells.string() + "'");
  }
  path_ = bells / name;
}

Bell::~Bell() {
  ::unlink(path_.c_str());
}

bool Bell::drain() {
  bool rang = false;
  char byte = 0;
  while (::recv(socket_.get(), &byte, sizeof byte, MSG_DONTWAIT) >= 0) {
    rang = true;
  }
  return rang;
}

int ring(const std::filesystem::path& store) {
  const std::filesystem::path bells = store / "bells";
  const UniqueFd directory = open_directory(bells);
  const UniqueFd from(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!directory || !from) {
    return 0;
  }
  int heard = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(bells, error)) {
    const std::string name = entry.path().filename();
    if (send_datagram(from.get(), directory.get(), name) || errno == EAGAIN) {
      ++heard;  // A full socket has rung already.
    } else if (errno == ECONNREFUSED && entry.is_socket(error)) {
      ::unlinkat(directory.get(), name.c_str(), 0);
    }
  }
  return heard;
}

}  // namespace sched::os
