#pragma once

#include "os/fd.hpp"

#include <string>

namespace sched::os {

/// Sockets named by a directory and a name in it, so that no path is too long for sockaddr_un. All
/// are non-blocking, closed on exec, and have mode 0600 from their first moment. Empty with errno
/// set on failure.
UniqueFd bind_datagram(int directory, const std::string& name);
UniqueFd listen_stream(int directory, const std::string& name);
UniqueFd connect_stream(int directory, const std::string& name);

/// One empty datagram to a bound socket, never waiting. false with errno set.
bool send_datagram(int from, int directory, const std::string& name);

}  // namespace sched::os
