#pragma once

#include "os/fd.hpp"

#include <filesystem>

namespace sched::os {

/// The doorbell of a store: whoever changed it rings, and every worker that sleeps on its Bell
/// wakes. Each listener has a datagram socket of its own in STORE/bells. Best effort: a bell may be
/// missed, never block or fail the one who rings.
class Bell {
 public:
  /// Listens in `store` (STORE/bells is made when missing). Throws base::Error.
  explicit Bell(const std::filesystem::path& store);
  ~Bell();
  Bell(const Bell&) = delete;
  Bell& operator=(const Bell&) = delete;

  /// Readable when it rang.
  int fd() const { return socket_.get(); }
  /// Takes all rings that came; true when there was one.
  bool drain();

 private:
  std::filesystem::path path_;
  UniqueFd socket_;
};

/// Rings at every listener of the store; returns how many heard it. What a dead listener left
/// behind is removed.
int ring(const std::filesystem::path& store);

}  // namespace sched::os
