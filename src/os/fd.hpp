#pragma once

#include <utility>

namespace sched::os {

/// Owner of one file descriptor; -1 is none.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(other.release()) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    reset(other.release());
    return *this;
  }
  UniqueFd(const UniqueFd&) = delete;
  UniqueFd& operator=(const UniqueFd&) = delete;
  ~UniqueFd() { reset(); }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }
  void reset(int fd = -1);

 private:
  int fd_ = -1;
};

/// Where 0, 1 or 2 is closed, puts something there that ends a read and refuses a write: else the
/// next file that is opened would be taken for standard output.
void fill_standard_fds();

struct Pipe {
  UniqueFd read_end;
  UniqueFd write_end;
};

/// A pipe, both ends closed on exec; `read_end` does not block. Both empty with errno set when
/// there is no room for one.
Pipe make_pipe();

/// false with errno set when the descriptor does not let its mode be changed.
bool set_blocking(int fd, bool blocking);

}  // namespace sched::os
