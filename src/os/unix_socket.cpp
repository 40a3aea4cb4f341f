#include "os/unix_socket.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace sched::os {

namespace {

bool fill(sockaddr_un& address, int directory, const std::string& name) {
  const std::string path = "/proc/self/fd/" + std::to_string(directory) + "/" + name;
  if (path.size() >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    return false;
  }
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return true;
}

const sockaddr* plain(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

UniqueFd make(int type) {
  return UniqueFd(::socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

bool bind_at(int fd, int directory, const std::string& name) {
  sockaddr_un address{};
  // The mode of the socket before bind becomes that of its file.
  return fill(address, directory, name) && ::fchmod(fd, 0600) == 0 &&
         ::bind(fd, plain(address), sizeof address) == 0;
}

}  // namespace

UniqueFd bind_datagram(int directory, const std::string& name) {
  UniqueFd fd = make(SOCK_DGRAM);
  if (fd && !bind_at(fd.get(), directory, name)) {
    return {};
  }
  return fd;
}

UniqueFd listen_stream(int directory, const std::string& name) {
  UniqueFd fd = make(SOCK_STREAM);
  if (fd && (!bind_at(fd.get(), directory, name) || ::listen(fd.get(), 16) != 0)) {
    return {};
  }
  return fd;
}

UniqueFd connect_stream(int directory, const std::string& name) {
  UniqueFd fd = make(SOCK_STREAM);
  sockaddr_un address{};
  if (!fd || !fill(address, directory, name) ||
      ::connect(fd.get(), plain(address), sizeof address) != 0) {
    const int number = errno;
    fd.reset();
    errno = number;
  }
  return fd;
}

bool send_datagram(int from, int directory, const std::string& name) {
  sockaddr_un address{};
  return fill(address, directory, name) &&
         ::sendto(from, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL, plain(address), sizeof address) >= 0;
}

}  // namespace sched::os
