#include "cli/log_reader.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace sched::cli {
namespace {

constexpr std::size_t k_block = 64U << 10U;

struct Piece {
  std::int64_t number = 0;  ///< 0 is the head.
  std::filesystem::path path;
};

std::vector<Piece> pieces_of(const exec::LogPieces& log) {
  std::vector<Piece> pieces;
  for (const auto& path : log.head) {
    pieces.push_back({0, path});
  }
  for (const auto& path : log.tail) {
    const std::string extension = path.extension().string();  // ".t17"
    if (const auto number = base::parse_int(std::string_view(extension).substr(2))) {
      pieces.push_back({*number, path});
    }
  }
  return pieces;
}

/// Where the last `lines` lines of the file begin; `lines` is less by those found.
long start_of_last(std::FILE* file, std::int64_t& lines, bool at_end_of_log) {
  std::array<char, k_block> block;
  std::fseek(file, 0, SEEK_END);
  long end = std::ftell(file);
  bool last_byte = at_end_of_log;  // An end of line there ends the last line, and begins none.
  while (end > 0) {
    const long start = std::max(0L, end - static_cast<long>(k_block));
    std::fseek(file, start, SEEK_SET);
    const std::size_t count =
        std::fread(block.data(), 1, static_cast<std::size_t>(end - start), file);
    for (std::size_t i = count; i > 0; --i) {
      if (block[i - 1] == '\n' && !last_byte && --lines == 0) {
        return start + static_cast<long>(i);
      }
      last_byte = false;
    }
    end = start;
  }
  return 0;
}

}  // namespace

LogReader::LogReader(std::filesystem::path logs, model::RunId run, int attempt, exec::Stream stream)
    : logs_(std::move(logs)), run_(run), attempt_(attempt), stream_(stream) {}

bool LogReader::read(const LogSink& bytes, const GapSink& gap) {
  bool any = false;
  while (true) {
    if (file_) {
      any = drain(bytes) || any;
    }
    auto next = find_next();
    if (!next) {
      return any;
    }
    if (file_) {
      any = drain(bytes) || any;  // It is full by now: the next one was begun.
    }
    if (next->number > piece_ + 1) {
      gap();
    }
    piece_ = next->number;
    file_ = std::move(next->file);
  }
}

std::optional<LogReader::Next> LogReader::find_next() const {
  for (const Piece& piece : pieces_of(exec::log_pieces(logs_, run_, attempt_, stream_))) {
    if (piece.number <= piece_) {
      continue;
    }
    if (File file{std::fopen(piece.path.c_str(), "re")}) {
      return Next{piece.number, std::move(file)};
    }
    // Removed in this very moment: a newer one is there.
  }
  return std::nullopt;
}

bool LogReader::drain(const LogSink& bytes) {
  std::array<char, k_block> block;
  bool any = false;
  std::clearerr(file_.get());
  while (const std::size_t count = std::fread(block.data(), 1, block.size(), file_.get())) {
    bytes(std::string_view(block.data(), count));
    any = true;
  }
  return any;
}

void LogReader::skip_to_last(std::int64_t lines) {
  const auto pieces = pieces_of(exec::log_pieces(logs_, run_, attempt_, stream_));
  bool at_end = true;
  for (auto piece = pieces.rbegin(); piece != pieces.rend(); ++piece) {
    File file(std::fopen(piece->path.c_str(), "re"));
    if (!file) {
      continue;
    }
    long start = 0;
    if (lines == 0) {
      std::fseek(file.get(), 0, SEEK_END);
      start = std::ftell(file.get());
    } else {
      start = start_of_last(file.get(), lines, at_end);
    }
    at_end = false;
    const bool is_first_wanted = lines == 0 || piece + 1 == pieces.rend();
    if (is_first_wanted) {
      std::fseek(file.get(), start, SEEK_SET);
      file_ = std::move(file);
      piece_ = piece->number;
      return;
    }
  }
}

}  // namespace sched::cli
