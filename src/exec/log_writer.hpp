#pragma once

#include "exec/output_log.hpp"
#include "os/fd.hpp"

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>

namespace sched::exec {

/// LOGS/RUN÷1000, where the files of a run lie.
std::filesystem::path log_directory(const std::filesystem::path& logs, model::RunId run);
/// LOGS/RUN÷1000/RUN.ATTEMPT.out or .err.
std::filesystem::path log_head(const std::filesystem::path& logs, model::RunId run, int attempt,
                               Stream stream);

/// Keeps the beginning and the end of a stream within a cap.
///
/// The first half of the cap goes into the head file. What follows goes into tail pieces of a
/// quarter each, HEAD.t1, HEAD.t2 and on; before a third is begun the oldest is removed, so that
/// two of them hold the newest quarter to half of the cap. Files are made at the first byte. A disk
/// that takes nothing never stops the command: those bytes are dropped and counted.
class LogWriter {
 public:
  LogWriter(std::filesystem::path head, std::uint64_t cap);

  void append(std::string_view bytes);
  /// Moves what is in a pipe into the open file without looking at it, `most` bytes at most, as far
  /// as that file may grow. As read(): 0 at the end, -1 with errno set; what is not EAGAIN then
  /// means that append() must do it.
  ssize_t splice_from(int pipe, std::size_t most);
  std::uint64_t total_bytes() const { return total_; }  ///< All that was appended.
  std::uint64_t dropped_bytes() const { return total_ - kept_; }

 private:
  bool open(const std::filesystem::path& path);
  /// Writes to the open file; returns how many bytes it took.
  std::uint64_t write(std::string_view bytes);
  void append_to_tail(std::string_view bytes);
  bool next_piece();
  std::filesystem::path piece(std::uint64_t number) const;

  std::filesystem::path head_;
  std::uint64_t head_cap_;
  std::uint64_t piece_cap_;
  os::UniqueFd file_;  ///< The head, then the newest piece.
  std::uint64_t head_size_ = 0;
  std::uint64_t newest_ = 0;  ///< Number of the newest piece; 0 while the head is written.
  std::uint64_t newest_size_ = 0;
  std::uint64_t older_size_ = 0;
  std::uint64_t total_ = 0;
  std::uint64_t kept_ = 0;
};

}  // namespace sched::exec
