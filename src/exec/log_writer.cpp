#include "exec/log_writer.hpp"

#include "os/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace sched::exec {

LogWriter::LogWriter(std::filesystem::path head, std::uint64_t cap)
    : head_(std::move(head)), head_cap_(cap / 2), piece_cap_(cap / 4) {}

void LogWriter::append(std::string_view bytes) {
  total_ += bytes.size();
  if (newest_ == 0 && head_size_ < head_cap_) {
    const std::string_view part = bytes.substr(0, static_cast<std::size_t>(head_cap_ - head_size_));
    if (!file_ && !open(head_)) {
      return;
    }
    const std::uint64_t done = write(part);
    head_size_ += done;
    kept_ += done;
    if (done < part.size()) {
      return;
    }
    bytes.remove_prefix(part.size());
  }
  if (!bytes.empty()) {
    append_to_tail(bytes);
  }
}

ssize_t LogWriter::splice_from(int pipe, std::size_t most) {
  std::uint64_t& size = newest_ == 0 ? head_size_ : newest_size_;
  const std::uint64_t room = (newest_ == 0 ? head_cap_ : piece_cap_) - size;
  if (!file_ || room == 0) {
    errno = ENOSPC;
    return -1;
  }
  const ssize_t count =
      ::splice(pipe, nullptr, file_.get(), nullptr, std::min<std::uint64_t>(most, room),
               SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
  if (count > 0) {
    size += static_cast<std::uint64_t>(count);
    total_ += static_cast<std::uint64_t>(count);
    kept_ += static_cast<std::uint64_t>(count);
  }
  return count;
}

void LogWriter::append_to_tail(std::string_view bytes) {
  if (piece_cap_ == 0) {
    return;
  }
  // What would be pushed out again by the rest of these bytes need not be written at all.
  const std::uint64_t most = 2 * piece_cap_;
  if (bytes.size() > most) {
    bytes.remove_prefix(static_cast<std::size_t>(bytes.size() - most));
  }
  while (!bytes.empty()) {
    const bool begin = newest_ == 0 || newest_size_ == piece_cap_;
    // A piece that could not be opened for want of room is tried again.
    if (begin ? !next_piece() : !file_ && !open(piece(newest_))) {
      return;
    }
    const std::string_view part =
        bytes.substr(0, static_cast<std::size_t>(piece_cap_ - newest_size_));
    const std::uint64_t done = write(part);
    newest_size_ += done;
    kept_ += done;
    if (done < part.size()) {
      return;
    }
    bytes.remove_prefix(part.size());
  }
}

bool LogWriter::next_piece() {
  if (newest_ > 1) {
    ::unlink(piece(newest_ - 1).c_str());
    kept_ -= older_size_;
  }
  // Whatever comes of the next piece, the newest is the older one from now on.
  older_size_ = newest_size_;
  ++newest_;
  newest_size_ = 0;
  return open(piece(newest_));
}

std::filesystem::path LogWriter::piece(std::uint64_t number) const {
  return head_.string() + ".t" + std::to_string(number);
}

bool LogWriter::open(const std::filesystem::path& path) {
  constexpr int k_flags = O_WRONLY | O_CREAT | O_TRUNC;
  file_ = os::open_private(path, k_flags);
  if (!file_ && errno == ENOENT) {
    ::mkdir(path.parent_path().parent_path().c_str(), 0700);
    ::mkdir(path.parent_path().c_str(), 0700);
    file_ = os::open_private(path, k_flags);
  }
  return static_cast<bool>(file_);
}

std::uint64_t LogWriter::write(std::string_view bytes) {
  std::uint64_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = ::write(file_.get(), bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      break;
    }
    done += static_cast<std::uint64_t>(count);
  }
  return done;
}

}  // namespace sched::exec
