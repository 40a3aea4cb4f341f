#pragma once

#include "exec/messages.hpp"
#include "exec/wire.hpp"
#include "os/fd.hpp"

#include <optional>
#include <string>

namespace sched::exec {

/// One end of the talk between worker and launcher. It never waits for the other: what can't be
/// written now is kept, and what has been read in part is kept too.
class Channel {
 public:
  Channel() = default;
  explicit Channel(os::UniqueFd socket) : socket_(std::move(socket)) {}

  int fd() const { return socket_.get(); }
  bool open() const { return static_cast<bool>(socket_); }
  /// Puts the message into the queue; flush() writes it.
  void send(const Message& message);
  /// Writes what the other takes now. Bytes for one that is gone are dropped.
  void flush();
  bool wants_write() const { return sent_ < output_.size(); }

  /// Reads what has come. false when that was all that will ever come: the other is gone.
  bool fill();
  /// The next whole message read. A stream that makes no sense is given up: see broken().
  std::optional<Message> next();
  bool broken() const { return broken_ || input_.broken(); }
  void close() { socket_.reset(); }

 private:
  os::UniqueFd socket_;
  FrameBuffer input_;
  std::string output_;
  std::size_t sent_ = 0;
  bool mute_ =
      false;  ///< The other does not read any more; what it wrote before can still be read.
  bool broken_ = false;
};

}  // namespace sched::exec
